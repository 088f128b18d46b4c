/**
 * One api for the whole test run, on the database that TEST_DATABASE_URL names (a new SQLite file without it), and organizations on
 * it: every test makes its own, so tests run in any order and see nothing of each other.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import mysql from 'mysql2/promise';
import { type Api, startApi } from '../../src/api.js';
import { mintServiceToken } from '../../src/authentication/service-token.js';
import { type Config, readConfig } from '../../src/config.js';
import { type GranteeId, newId, type OrganizationId, type ServiceTokenId } from '../../src/ids.js';
import { createLogger, type Logger } from '../../src/log.js';
import { createOrganization } from '../../src/modules/organization/create-organization.js';
import { insertGrantee, insertGroupMembership, insertIdentity } from '../../src/modules/organization/membership.js';
import { insertToken } from '../../src/modules/service-account/write-token.js';
import type { PersonRole } from '../../src/principal.js';
import { type BoxPair, generateBoxPair, generateWriterPair, writeKeyFile } from '../../src/vault/keys.js';

export const issuer = 'https://issuer.test.invalid';
const audience = 'nightsafe-test';
const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'EdDSA', use: 'sig' }] };

export interface TestApi extends Api {
  readonly url: string;
  readonly config: Config;
  readonly home: string;
  /** Every log line so far, at debug level. */
  readonly log: string[];
  /** What only a runner has. Tests prove with it that values were sealed right. */
  readonly rootPair: BoxPair;
}

/** A clock that a test may move ahead. */
export const clock = { ahead: 0, now: (): number => Date.now() + clock.ahead };

/** Starts an api of its own, for tests that need other settings, and gives it back for closing. */
export async function startTestApi(settings: Partial<Config> = {}): Promise<TestApi> {
  const home = mkdtempSync(join(tmpdir(), 'nightsafe-test-'));
  const log: string[] = [];
  const logger: Logger = createLogger({
    level: 'debug',
    pretty: false,
    destination: { write: (line) => void log.push(line) },
  });
  const base = readConfig({
    NIGHTSAFE_HOME: home,
    NIGHTSAFE_DEMO: '0',
    PORT: '0',
    NIGHTSAFE_RUNNER_PORT: '0',
    NIGHTSAFE_MUTATIONS_PER_MINUTE: '0',
  });
  const scratch = await scratchDatabase();
  const config: Config = {
    ...base,
    ...(scratch === null ? {} : { database: readConfig({ DATABASE_URL: scratch.url }).database }),
    playground: false,
    introspection: true,
    oidc: {
      provider: { issuer, audience, algorithms: ['EdDSA'], clockToleranceSeconds: 5, keys: { jwks } },
      provision: null,
    },
    ...settings,
  };
  const rootPair = generateBoxPair();
  const writerPair = generateWriterPair();
  writeKeyFile(join(home, 'root.pub'), 'root-public', rootPair.publicKey);
  writeKeyFile(join(home, 'writer.key'), 'writer-private', writerPair.privateKey);
  writeKeyFile(join(home, 'writer.pub'), 'writer-public', writerPair.publicKey);
  const files = {
    rootPublicKeyFile: join(home, 'root.pub'),
    writerKeyFile: join(home, 'writer.key'),
    writerPublicKeyFile: join(home, 'writer.pub'),
  };
  const api = await startApi({ ...config, ...files }, logger, clock.now);
  return {
    ...api,
    config: { ...config, ...files },
    home,
    log,
    rootPair,
    url: `http://127.0.0.1:${api.port}/graphql`,
    close: async () => {
      await api.close();
      await scratch?.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** A new, empty schema on the server of TEST_DATABASE_URL; null when the tests run on SQLite. */
async function scratchDatabase(): Promise<{ readonly url: string; readonly drop: () => Promise<void> } | null> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) return null;
  const name = `nightsafe_test_${randomBytes(6).toString('hex')}`;
  const statement = async (sql: string) => {
    const connection = await mysql.createConnection(new URL('/', server).href);
    await connection.query(sql);
    await connection.end();
  };
  await statement(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return { url: new URL(`/${name}`, server).href, drop: () => statement(`DROP DATABASE ${name}`) };
}

let shared: Promise<TestApi> | null = null;

/** The api that tests share. It is closed when the run ends. */
export function sharedApi(): Promise<TestApi> {
  shared ??= startTestApi();
  return shared;
}

export async function closeSharedApi(): Promise<void> {
  if (shared !== null) await (await shared).close();
  shared = null;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The exact bytes of the body, as text. */
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: answers are compared whole, in the shape that the test states
  readonly data: any;
  readonly errors:
    | readonly {
        readonly message: string;
        readonly path?: readonly (string | number)[];
        readonly extensions: Record<string, unknown>;
      }[]
    | undefined;
}

/** Someone with a token. */
export class Client {
  constructor(
    readonly url: string,
    readonly id: GranteeId,
    readonly name: string,
    readonly token: string | null,
  ) {}

  async ask(
    query: string,
    variables: Record<string, unknown> = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(this.token === null ? {} : { authorization: `Bearer ${this.token}` }),
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    const text = await response.text();
    const { data, errors } = JSON.parse(text) as Pick<Answer, 'data' | 'errors'>;
    return { status: response.status, headers: response.headers, text, data, errors };
  }

  /** The data of an answer without errors; throws when there are any. */
  // biome-ignore lint/suspicious/noExplicitAny: see Answer
  async data(query: string, variables: Record<string, unknown> = {}): Promise<any> {
    const { data, errors } = await this.ask(query, variables);
    if (errors !== undefined) throw new Error(`unexpected errors: ${JSON.stringify(errors)}`);
    return data;
  }

  /** The code and fields of the only error. */
  async refusal(query: string, variables: Record<string, unknown> = {}): Promise<{ code: unknown; fields?: unknown }> {
    const { errors } = await this.ask(query, variables);
    if (errors?.length !== 1) throw new Error(`expected one error, got ${JSON.stringify(errors ?? null)}`);
    const { code, fields } = errors[0]?.extensions ?? {};
    return fields === undefined ? { code } : { code, fields };
  }
}

/** An organization with the usual people. Growth has bob in it; Platform has carol and alice. */
export interface Team {
  readonly api: TestApi;
  readonly organizationId: OrganizationId;
  readonly slug: string;
  /** ADMIN. */
  readonly alice: Client;
  /** MEMBER, in Growth. */
  readonly bob: Client;
  /** MEMBER, in Platform. */
  readonly carol: Client;
  /** AUDITOR. */
  readonly dave: Client;
  /** A service account with a token. */
  readonly deployBot: Client;
  /** Without a token. */
  readonly nobody: Client;
  /** The administrator of another organization. */
  readonly stranger: Client;
  readonly growth: GranteeId;
  readonly platform: GranteeId;
}

export async function newTeam(api?: TestApi): Promise<Team> {
  const server = api ?? (await sharedApi());
  const { database, writer } = server.services;
  const now = clock.now();
  const slug = `team-${randomBytes(8).toString('hex')}`;
  const person = async (organization: { id: OrganizationId; slug: string }, name: string, role: PersonRole) =>
    database.transaction(async (tx) => {
      const subject = `${name.toLowerCase()}@${organization.slug}`;
      const organizationId = organization.id;
      const personId = await insertGrantee(tx, writer, {
        organizationId,
        kind: 'PERSON',
        name,
        role,
        email: `${name.toLowerCase()}@team.example`,
        now,
      });
      await insertIdentity(tx, writer, { issuer, subject, organizationId, personId });
      return new Client(server.url, personId, name, await tokenFor(subject));
    });
  const group = async (organizationId: OrganizationId, name: string, members: readonly Client[]) =>
    database.transaction(async (tx) => {
      const groupId = await insertGrantee(tx, writer, { organizationId, kind: 'GROUP', name, now });
      for (const { id } of members)
        await insertGroupMembership(tx, writer, { organizationId, groupId, personId: id }, now);
      return groupId;
    });

  const organizationId = await database.transaction((tx) =>
    createOrganization(tx, writer, { slug, name: 'Team', isDemo: false, now }),
  );
  const home = { id: organizationId, slug };
  const alice = await person(home, 'Alice', 'ADMIN');
  const bob = await person(home, 'Bob', 'MEMBER');
  const carol = await person(home, 'Carol', 'MEMBER');
  const dave = await person(home, 'Dave', 'AUDITOR');
  const growth = await group(organizationId, 'Growth', [bob]);
  const platform = await group(organizationId, 'Platform', [carol, alice]);
  const deployBot = await database.transaction(async (tx) => {
    const serviceAccountId = await insertGrantee(tx, writer, {
      organizationId,
      kind: 'SERVICE_ACCOUNT',
      name: 'deploy-bot',
      now,
    });
    const id = newId<ServiceTokenId>(now);
    const { token, secretHash } = mintServiceToken(organizationId, id);
    await insertToken(tx, writer, {
      organizationId,
      id,
      serviceAccountId,
      name: 'test',
      secretHash,
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: null,
      createdById: alice.id,
      createdAt: now,
    });
    return new Client(server.url, serviceAccountId, 'deploy-bot', token);
  });
  const otherSlug = `${slug}-other`;
  const otherId = await database.transaction((tx) =>
    createOrganization(tx, writer, { slug: otherSlug, name: 'Other', isDemo: false, now }),
  );
  const stranger = await person({ id: otherId, slug: otherSlug }, 'Stranger', 'ADMIN');
  const nobody = new Client(server.url, newId<GranteeId>(), 'Nobody', null);
  return { api: server, organizationId, slug, alice, bob, carol, dave, deployBot, nobody, stranger, growth, platform };
}

/** A token that the test issuer signs. */
export async function tokenFor(subject: string, claims: Record<string, unknown> = {}): Promise<string> {
  return new SignJWT({ sub: subject, ...claims })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'test' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(privateKey);
}
