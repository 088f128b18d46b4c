/**
 * An organization of any size, written by direct SQL: the rows that the api would have left behind, with placeholders where it puts
 * sealed values and signatures of keys. The same size always gives the same organization, but for its ids.
 */
import type { Database, Transaction } from '../../src/database/database.js';
import type { CursorPlace } from '../../src/graphql/connection.js';
import { type GranteeId, newId, type OrganizationId, type SecretKeyId } from '../../src/ids.js';
import { foldName } from '../../src/modules/names.js';
import { createOrganization } from '../../src/modules/organization/create-organization.js';
import { insertGrantee, insertGroupMembership, insertIdentity } from '../../src/modules/organization/membership.js';
import { currentOrganizationKey } from '../../src/modules/organization/organization-key.js';
import type { SecretKeyOrderFieldName } from '../../src/modules/secret-key/secret-key.enums.js';
import type { PersonRole } from '../../src/principal.js';
import type { Writer } from '../../src/vault/writer.js';

export const issuer = 'https://issuer.bench.invalid';

const groupCount = 200;
/** The member is in every tenth group: 20 of them, which reach three keys in ten. Of these it manages every third. */
const memberIsIn = (group: number): boolean => group % 10 === 0;
const keysPerStatement = 200;
const hour = 3_600_000;

export interface BenchOrganization {
  readonly id: OrganizationId;
  readonly adminId: GranteeId;
  /** What its values are sealed to. */
  readonly publicKey: Uint8Array;
  /** Who may sign in, by the `sub` claim of a token. */
  readonly subjects: { readonly member: string; readonly admin: string };
  /** The place in each order that three quarters of the keys come before. */
  readonly deepPlaces: Readonly<Record<SecretKeyOrderFieldName, CursorPlace>>;
}

export async function fillOrganization(
  database: Database,
  writer: Writer,
  slug: string,
  keyCount: number,
): Promise<BenchOrganization> {
  const now = Date.now();
  const subjects = { member: `member@${slug}`, admin: `admin@${slug}` };
  const { id, adminId, groups, publicKey } = await database.transaction(async (tx) => {
    const organizationId = await createOrganization(tx, writer, { slug, name: 'Bench', isDemo: false, now });
    const person = async (name: string, subject: string, role: PersonRole): Promise<GranteeId> => {
      const personId = await insertGrantee(tx, writer, { organizationId, kind: 'PERSON', name, role, now });
      await insertIdentity(tx, writer, { issuer, subject, organizationId, personId });
      return personId;
    };
    const memberId = await person('Member', subjects.member, 'MEMBER');
    const groupIds: GranteeId[] = [];
    for (let number = 0; number < groupCount; number += 1) {
      const groupId = await insertGrantee(tx, writer, { organizationId, kind: 'GROUP', name: `Group ${number}`, now });
      if (memberIsIn(number))
        await insertGroupMembership(tx, writer, { organizationId, groupId, personId: memberId }, now);
      groupIds.push(groupId);
    }
    return {
      id: organizationId,
      adminId: await person('Admin', subjects.admin, 'ADMIN'),
      groups: groupIds,
      publicKey: (await currentOrganizationKey(tx, writer, organizationId)).publicKey,
    };
  });

  const keys = Array.from({ length: keyCount }, (_, index) => keyAt(index, keyCount, now, adminId, groups));
  for (let start = 0; start < keyCount; start += keysPerStatement) {
    await database.transaction((tx) => insertKeys(tx, id, adminId, keys.slice(start, start + keysPerStatement)));
  }
  const deep = <Value extends string | number>(sortValue: (key: Key) => Value): CursorPlace => {
    const ordered = keys
      .map((key) => ({ value: sortValue(key), id: key.id }))
      .sort((a, b) => (a.value === b.value ? (a.id < b.id ? -1 : 1) : a.value < b.value ? -1 : 1));
    const place = ordered[Math.floor(keyCount * 0.75)];
    if (place === undefined) throw new Error('an organization without keys has no deep page');
    return place;
  };
  return {
    id,
    adminId,
    publicKey,
    subjects,
    deepPlaces: {
      NAME: deep(({ name }) => foldName(name)),
      CREATED_AT: deep((key) => key.id),
      VALUE_UPDATED_AT: deep(({ valueUpdatedAt }) => valueUpdatedAt),
      LAST_USED_AT: deep(({ lastUsedAt }) => lastUsedAt),
    },
  };
}

interface Key {
  readonly id: SecretKeyId;
  readonly name: string;
  readonly accessLevel: 'TEAM' | 'RESTRICTED';
  readonly grants: ReadonlyMap<GranteeId, 'USE' | 'MANAGE'>;
  readonly createdAt: number;
  readonly valueUpdatedAt: number;
  readonly lastUsedAt: number;
}

function keyAt(index: number, keyCount: number, now: number, creator: GranteeId, groups: readonly GranteeId[]): Key {
  const grants = new Map<GranteeId, 'USE' | 'MANAGE'>([[creator, 'MANAGE']]);
  const grant = (group: number, permission: 'USE' | 'MANAGE') => {
    const groupId = groups[group % groupCount];
    if (groupId !== undefined) grants.set(groupId, permission);
  };
  grant(index * 13, 'USE');
  grant(index * 29 + 7, 'USE');
  if (index % 5 === 1) grant(index * 37 + 3, 'MANAGE');
  const createdAt = now - (keyCount - index) * 1_000;
  // 7919 is a prime: every number below the count comes once, in an order of its own.
  const scattered = (index * 7919) % keyCount;
  return {
    id: newId<SecretKeyId>(createdAt),
    name: `Key ${String(scattered).padStart(7, '0')}`,
    accessLevel: index % 40 === 0 ? 'TEAM' : 'RESTRICTED',
    grants,
    createdAt,
    valueUpdatedAt: createdAt + scattered,
    lastUsedAt: index % 3 === 0 ? 0 : now - scattered * 7,
  };
}

async function insertKeys(
  tx: Transaction,
  organizationId: OrganizationId,
  creator: GranteeId,
  keys: readonly Key[],
): Promise<void> {
  const placeholder = Buffer.alloc(64);
  await insert(
    tx,
    'secret_key (organization_id, id, name, name_key, description, access_level, access_revision, access_signature, allowed_hosts, allows_any_host, placements, uses, value_version, value_updated_at, expires_at, last_used_at, created_by_id, created_at, updated_at, deleted_at, deleted_by_id)',
    keys.map((key) => [
      ...[organizationId, key.id, key.name, foldName(key.name), `What ${key.name} is for.`, key.accessLevel, 1],
      ...[placeholder, '["api.service.example"]', 0, '["HEADER"]', '["SEND_API_REQUEST","RUN_CODE"]', 1],
      ...[key.valueUpdatedAt, key.createdAt % 4 === 0 ? key.createdAt + 9_000 * hour : null, key.lastUsedAt],
      ...[creator, key.createdAt, key.valueUpdatedAt, null, null],
    ]),
  );
  const grants = keys.flatMap((key) => [...key.grants].map(([grantee, permission]) => ({ key, grantee, permission })));
  await insert(
    tx,
    'secret_grant (organization_id, secret_key_id, grantee_id, permission)',
    grants.map(({ key, grantee, permission }) => [organizationId, key.id, grantee, permission]),
  );
  const team = keys
    .filter(({ accessLevel }) => accessLevel === 'TEAM')
    .map((key) => ({ key, grantee: organizationId, permission: 'USE' }));
  await insert(
    tx,
    'secret_key_access (organization_id, grantee_id, secret_key_id, permission, access_level, name_key, value_updated_at, last_used_at)',
    [...grants, ...team].map(({ key, grantee, permission }) => [
      ...[organizationId, grantee, key.id, permission, key.accessLevel],
      ...[foldName(key.name), key.valueUpdatedAt, key.lastUsedAt],
    ]),
  );
  await insert(
    tx,
    'sealed_value (organization_id, secret_key_id, value_version, organization_key_number, ciphertext, signature)',
    keys.map((key) => [organizationId, key.id, 1, 1, placeholder, placeholder]),
  );
}

async function insert(tx: Transaction, into: string, rows: readonly (readonly unknown[])[]): Promise<void> {
  if (rows.length === 0) return;
  const values = rows.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
  await tx.query(`INSERT INTO ${into} VALUES ${values}`, rows.flat());
}
