/** What the database holds of an organization, read past the API: the proof of what was written, sealed, signed and recorded. */
import { expect } from 'chai';
import type { AuditBody } from '../../src/audit/audit-log.js';
import type { Database, Row } from '../../src/database/database.js';
import { tableNames } from '../../src/database/dialect.js';
import type { SecretKeyId } from '../../src/ids.js';
import { OrganizationKeyEntity } from '../../src/modules/organization/organization.entity.js';
import { SealedValueEntity } from '../../src/modules/secret-key/sealed-value.entity.js';
import { SecretGrantEntity, SecretKeyEntity } from '../../src/modules/secret-key/secret-key.entity.js';
import { differingAccess } from '../../src/modules/secret-key/verify-access-rows.js';
import { accessDocument, type SignedAccess, sealedValueDocument } from '../../src/vault/documents.js';
import { openOrganizationKey, openValue } from '../../src/vault/open.js';
import type { Team } from './api.js';

type Place = Pick<Team, 'api' | 'organizationId'>;

const tables = [
  'secret_key',
  'secret_grant',
  'secret_key_access',
  'sealed_value',
  'audit_event',
  'audit_head',
  'idempotent_answer',
  'grantee',
  'group_membership',
  'custom_role',
  'custom_role_holder',
  'workflow',
  'workflow_version',
  'secret_key_reference',
  'workflow_run',
];

/** Every row that an operation on keys or workflows could write. */
export async function storedRows({ api, organizationId }: Place): Promise<Record<string, Row[]>> {
  const rows: Record<string, Row[]> = {};
  for (const table of tables) {
    rows[table] = await api.services.database.query(
      `SELECT * FROM ${table} WHERE organization_id = ? ORDER BY 1, 2, 3`,
      [organizationId],
    );
  }
  return rows;
}

/** What `work` gives, after a proof that it wrote nothing. */
export async function unchanged<Result>(place: Place, work: () => Promise<Result>): Promise<Result> {
  const before = await storedRows(place);
  const result = await work();
  expect(await storedRows(place)).to.deep.equal(before);
  return result;
}

/** The value of a key, opened as a runner would; its signature is checked too. */
export async function openStoredValue({ api, organizationId }: Place, id: string): Promise<Buffer> {
  const { database, writer } = api.services;
  const secretKeyId = id as SecretKeyId;
  const sealed = await database.read(SealedValueEntity, { organizationId, secretKeyId });
  if (sealed === null) throw new Error('the key has no sealed value');
  const { valueVersion, organizationKeyNumber, ciphertext, signature } = sealed;
  const binding = { organizationId, secretKeyId, valueVersion, organizationKeyNumber };
  expect(writer.verifier.verify(sealedValueDocument(binding, ciphertext), signature)).to.equal(true);
  const organizationKey = await database.read(OrganizationKeyEntity, { organizationId, number: organizationKeyNumber });
  if (organizationKey === null) throw new Error('the organization key is missing');
  const pair = openOrganizationKey(organizationKey, api.rootPair.publicKey, api.rootPair.privateKey);
  return openValue(binding, ciphertext, pair).use((bytes) => Buffer.from(bytes));
}

/** The terms of a key as its rows state them, after a proof that the writer signed exactly these and that lists follow them. */
export async function signedAccess(
  { api, organizationId }: Place,
  id: string,
): Promise<Omit<SignedAccess, 'organizationId' | 'secretKeyId' | 'createdById'>> {
  const { database, writer } = api.services;
  const secretKeyId = id as SecretKeyId;
  const key = await database.read(SecretKeyEntity, { organizationId, id: secretKeyId });
  if (key === null) throw new Error('there is no such key');
  const grants = await database.readAll(SecretGrantEntity, { organizationId, secretKeyId });
  const access = {
    accessRevision: key.accessRevision,
    accessLevel: key.accessLevel,
    grants: grants.map(({ granteeId, permission }) => ({ granteeId, permission })),
    allowedHosts: key.allowedHosts,
    placements: key.placements,
    uses: key.uses,
    allowsAnyHost: key.allowsAnyHost,
    expiresAt: key.expiresAt,
  };
  const document = accessDocument({ organizationId, secretKeyId, createdById: key.createdById, ...access });
  expect(writer.verifier.verify(document, key.accessSignature)).to.equal(true);
  expect(await differingAccess(database, organizationId)).to.deep.equal([]);
  return access;
}

/** What the audit log tells of keys, workflows and runs, or of events of other types, the oldest first. */
export async function recordedEvents({ api, organizationId }: Place, types = /^(secretKey|workflow|workflowRun)\./) {
  const rows = await api.services.database.query(
    'SELECT body FROM audit_event WHERE organization_id = ? ORDER BY sequence',
    [organizationId],
  );
  return rows
    .map(({ body }) => JSON.parse(String(body)) as AuditBody)
    .filter(({ type }) => types.test(type))
    .map(({ type, actor, subject, details, decision }) => ({
      type,
      actor: actor?.name ?? null,
      subject,
      details,
      rule: decision?.ruleId ?? null,
    }));
}

/** Every row of every table, as one text; bytes are in it as Latin-1 and as hexadecimal digits. */
export async function storedText(database: Database): Promise<string> {
  const texts: string[] = [];
  for (const { name } of await database.query(tableNames(database.dialect))) {
    for (const row of await database.query(`SELECT * FROM ${name}`)) {
      for (const value of Object.values(row)) {
        if (value instanceof Uint8Array)
          texts.push(Buffer.from(value).toString('latin1'), Buffer.from(value).toString('hex'));
        else texts.push(typeof value === 'string' ? value : JSON.stringify(value));
      }
    }
  }
  return texts.join('\n');
}
