/**
 * Verbs without HTTP: organizations in a scratch database, and contexts of requests that act in them. Each test makes its own
 * organization.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import type { AuditBody } from '../../src/audit/audit-log.js';
import { verifyChain } from '../../src/audit/verify-chain.js';
import { loadPolicies } from '../../src/authz/index.js';
import { type DatabaseConfig, Redacted } from '../../src/config.js';
import { Database } from '../../src/database/database.js';
import { ApiError } from '../../src/errors.js';
import type { RequestContext, Services } from '../../src/graphql/context.js';
import { createContext } from '../../src/graphql/create-context.js';
import type { GranteeId, OrganizationId, SecretKeyId } from '../../src/ids.js';
import { createLogger } from '../../src/log.js';
import { CustomRoleEntity } from '../../src/modules/custom-role/custom-role.entity.js';
import { createOrganization } from '../../src/modules/organization/create-organization.js';
import { insertGrantee, insertGroupMembership } from '../../src/modules/organization/membership.js';
import {
  CustomRoleHolderEntity,
  GranteeEntity,
  GroupMembershipEntity,
  IdentityEntity,
  OrganizationEntity,
} from '../../src/modules/organization/organization.entity.js';
import { principalsOf } from '../../src/modules/organization/principals-of.js';
import { RunChanges } from '../../src/modules/run/run-changes.js';
import { createSecretKey } from '../../src/modules/secret-key/create-secret-key.js';
import { SecretGrantEntity, SecretKeyEntity } from '../../src/modules/secret-key/secret-key.entity.js';
import { differingAccess } from '../../src/modules/secret-key/verify-access-rows.js';
import type { Grant } from '../../src/modules/secret-key/write-access.js';
import { ServiceAccountTokenEntity } from '../../src/modules/service-account/service-account.entity.js';
import { WorkflowEntity, WorkflowVersionEntity } from '../../src/modules/workflow/workflow.entity.js';
import type { PersonRole } from '../../src/principal.js';
import {
  accessDocument,
  customRoleDocument,
  identityDocument,
  personDocument,
  serviceAccountDocument,
  serviceTokenDocument,
  workflowDocument,
  workflowVersionDocument,
} from '../../src/vault/documents.js';
import { generateBoxPair, generateWriterPair } from '../../src/vault/keys.js';
import { createWriter } from '../../src/vault/writer.js';

export interface VerbFixture {
  readonly services: Services;
  /** What `ctx.now` is. A test may move it ahead. */
  readonly clock: { now: number };
  organization(): Promise<TestOrganization>;
  close(): Promise<void>;
}

export const testIssuer = 'https://issuer.test.invalid';

/** The databases to test on by name: the one of TEST_DATABASE_URL; without it SQLite, and the servers that are named. */
export function testDatabases(): readonly (readonly [name: string, serverUrl: string | null])[] {
  const { TEST_DATABASE_URL: only, TEST_MARIADB_URL: mariadb, TEST_MYSQL_URL: mysql } = process.env;
  if (only) return [['the database of TEST_DATABASE_URL', only]];
  return [
    ['SQLite', null],
    ...(mariadb ? [['MariaDB', mariadb] as const] : []),
    ...(mysql ? [['MySQL', mysql] as const] : []),
  ];
}

/** @param serverUrl a server where a scratch database is made and dropped; null for SQLite in a temporary file. */
export async function openVerbFixture(serverUrl: string | null): Promise<VerbFixture> {
  const scratch = serverUrl === null ? scratchFile() : await scratchSchema(new URL(serverUrl));
  const database = await Database.open(scratch.config);
  const writerPair = generateWriterPair();
  const writer = createWriter({
    writerPrivateKey: writerPair.privateKey,
    writerPublicKey: writerPair.publicKey,
    rootPublicKey: generateBoxPair().publicKey,
  });
  const clock = { now: Date.UTC(2030, 0, 31) };
  const services: Services = {
    database,
    policies: loadPolicies('policies'),
    writer,
    defaultIssuer: testIssuer,
    retentionDays: 30,
    runsQueuedMost: 10_000,
    stepLimits: { requestSeconds: 10, longestRequestSeconds: 60, codeSeconds: 30, codeBytes: 256 * 1024 },
    runQueue: { announce: () => undefined },
    runChanges: new RunChanges(database),
    clock: () => clock.now,
  };
  return {
    services,
    clock,
    organization: async () => {
      const slug = `test-${randomBytes(8).toString('hex')}`;
      const { now } = clock;
      const id = await database.transaction((tx) =>
        createOrganization(tx, writer, { slug, name: 'Test', isDemo: false, now }),
      );
      return new TestOrganization(services, id);
    },
    close: async () => {
      await database.close();
      await scratch.remove();
    },
  };
}

interface Scratch {
  readonly config: DatabaseConfig;
  readonly remove: () => Promise<void>;
}

function scratchFile(): Scratch {
  const folder = mkdtempSync(join(tmpdir(), 'nightsafe-verbs-'));
  return {
    config: { kind: 'sqlite', path: join(folder, 'test.sqlite') },
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

async function scratchSchema(server: URL): Promise<Scratch> {
  const database = `nightsafe_verbs_${randomBytes(6).toString('hex')}`;
  const statement = async (sql: string) => {
    const connection = await createConnection(new URL('/', server).href);
    await connection.query(sql);
    await connection.end();
  };
  await statement(`CREATE DATABASE ${database} CHARACTER SET utf8mb4`);
  return {
    config: {
      kind: 'mysql',
      host: server.hostname,
      port: Number(server.port || 3306),
      user: decodeURIComponent(server.username),
      password: new Redacted(decodeURIComponent(server.password)),
      database,
      tls: false,
    },
    remove: () => statement(`DROP DATABASE ${database}`),
  };
}

const log = createLogger({ level: 'silent', pretty: false });

export class TestOrganization {
  constructor(
    readonly services: Services,
    readonly id: OrganizationId,
  ) {}

  person(name: string, role: PersonRole = 'MEMBER'): Promise<GranteeId> {
    return this.#grantee({ kind: 'PERSON', name, role, email: `${name.toLowerCase()}@test.invalid` });
  }

  serviceAccount(name: string): Promise<GranteeId> {
    return this.#grantee({ kind: 'SERVICE_ACCOUNT', name });
  }

  async group(name: string, ...members: readonly GranteeId[]): Promise<GranteeId> {
    const groupId = await this.#grantee({ kind: 'GROUP', name });
    const { database, writer, clock } = this.services;
    await database.transaction(async (tx) => {
      for (const personId of members) {
        await insertGroupMembership(tx, writer, { organizationId: this.id, groupId, personId }, clock());
      }
    });
    return groupId;
  }

  #grantee(grantee: Pick<Parameters<typeof insertGrantee>[2], 'kind' | 'name' | 'role' | 'email'>): Promise<GranteeId> {
    const { database, writer, clock } = this.services;
    return database.transaction((tx) =>
      insertGrantee(tx, writer, { ...grantee, organizationId: this.id, now: clock() }),
    );
  }

  /** A request of an active person or service account. */
  async as(id: GranteeId, idempotencyKey?: string): Promise<RequestContext> {
    const [principal] = await principalsOf(this.services.database, this.services.writer.verifier, this.id, [id]);
    if (principal === undefined) throw new Error('nobody active has this id');
    return createContext(this.services, { principal, requestId: 'test', idempotencyKey, log });
  }

  /** A restricted key with exactly these grants besides its creator's. */
  async key(creator: GranteeId, name: string, grants: readonly Grant[] = []): Promise<SecretKeyId> {
    const value = `not-a-real-secret-${randomBytes(6).toString('hex')}`;
    const ctx = await this.as(creator);
    const { secretKey } = await createSecretKey(ctx, {
      name,
      value,
      access: { level: 'RESTRICTED', grants: [...grants] },
    });
    if (secretKey === null) throw new Error('the creator does not see the key');
    return secretKey.id;
  }

  /** What the audit log tells since a sequence number, the oldest first. */
  async events(since = 0) {
    const rows = await this.services.database.query(
      'SELECT body FROM audit_event WHERE organization_id = ? AND sequence > ? ORDER BY sequence',
      [this.id, since],
    );
    return rows
      .map(({ body }) => JSON.parse(String(body)) as AuditBody)
      .map(({ type, actor, subject, details, decision }) => ({
        type,
        actor: actor?.name ?? null,
        subject,
        details,
        rule: decision?.ruleId ?? null,
      }));
  }

  /** The number of the last audit event and the membership version: whatever verbs write moves one of them. */
  async state(): Promise<{ readonly sequence: number; readonly membershipVersion: number }> {
    const { database } = this.services;
    const [head] = await database.query('SELECT sequence FROM audit_head WHERE organization_id = ?', [this.id]);
    const organization = await database.read(OrganizationEntity, { id: this.id });
    return { sequence: Number(head?.sequence), membershipVersion: organization?.membershipVersion ?? 0 };
  }

  async grants(secretKeyId: SecretKeyId): Promise<Grant[]> {
    const rows = await this.services.database.readAll(SecretGrantEntity, { organizationId: this.id, secretKeyId });
    return rows.map(({ granteeId, permission }) => ({ granteeId, permission }));
  }

  /** Rows whose signature is not the writer's over what they say, keys that lists show otherwise than grants do, a broken chain. */
  async flaws(): Promise<string[]> {
    const { database, writer } = this.services;
    const organizationId = this.id;
    const flaws: string[] = [];
    const verify = (what: string, document: Uint8Array, signature: Uint8Array | null) => {
      if (signature === null || !writer.verifier.verify(document, signature)) flaws.push(`signature of ${what}`);
    };
    for (const grantee of await database.readAll(GranteeEntity, { organizationId })) {
      const { id, kind, role, state, revision, signature } = grantee;
      const held = await database.readAll(CustomRoleHolderEntity, { organizationId, granteeId: id });
      const customRoleIds = held.map(({ customRoleId }) => customRoleId);
      const joined = await database.readAll(GroupMembershipEntity, { organizationId, personId: id });
      const groupIds = joined.map(({ groupId }) => groupId);
      if (kind === 'PERSON' && role !== null) {
        verify(
          `person ${grantee.name}`,
          personDocument({ organizationId, personId: id, role, state, groupIds, customRoleIds, revision }),
          signature,
        );
        continue;
      }
      if (joined.length > 0) flaws.push(`membership of ${grantee.name}, who is no person`);
      if (kind === 'SERVICE_ACCOUNT') {
        const document = serviceAccountDocument({
          organizationId,
          serviceAccountId: id,
          state,
          customRoleIds,
          revision,
        });
        verify(`service account ${grantee.name}`, document, signature);
      } else if (signature !== null) {
        flaws.push(`signature on group ${grantee.name}`);
      }
    }
    for (const identity of await database.readAll(IdentityEntity, { organizationId })) {
      verify(`identity of ${identity.personId}`, identityDocument(identity), identity.signature);
    }
    for (const token of await database.readAll(ServiceAccountTokenEntity, { organizationId })) {
      if (token.revokedAt === null)
        verify(`token ${token.name}`, serviceTokenDocument({ ...token, tokenId: token.id }), token.signature);
      else if (token.signature !== null) flaws.push(`signature on revoked token ${token.name}`);
    }
    for (const role of await database.readAll(CustomRoleEntity, { organizationId })) {
      verify(`custom role ${role.name}`, customRoleDocument({ ...role, customRoleId: role.id }), role.signature);
    }
    for (const workflow of await database.readAll(WorkflowEntity, { organizationId })) {
      const document = workflowDocument({ ...workflow, workflowId: workflow.id });
      verify(`workflow ${workflow.name}`, document, workflow.signature);
    }
    for (const version of await database.readAll(WorkflowVersionEntity, { organizationId })) {
      const what = `version ${version.version} of ${version.workflowId}`;
      verify(what, workflowVersionDocument(version), version.signature);
    }
    for (const key of await database.readAll(SecretKeyEntity, { organizationId })) {
      const document = accessDocument({ ...key, secretKeyId: key.id, grants: await this.grants(key.id) });
      verify(`key ${key.name}`, document, key.accessSignature);
    }
    for (const id of await differingAccess(database, organizationId)) flaws.push(`access rows of ${id}`);
    const chain = await verifyChain(database, organizationId);
    if (!chain.isIntact) flaws.push(`audit record ${chain.sequence}: ${chain.reason}`);
    return flaws;
  }
}

/** What a caller is told when `work` is refused. */
export async function refusalOf(
  work: Promise<unknown>,
): Promise<{ readonly code: string; readonly [extension: string]: unknown }> {
  const error = await work.then(
    () => new Error('nothing was refused'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw error;
  return { code: error.code, ...error.extensions };
}
