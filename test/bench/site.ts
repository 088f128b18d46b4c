/** Where a run happens: a new database, the keys of an api, an issuer of tokens, and the two servers as processes of their own. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import mysql from 'mysql2/promise';
import { loadPolicies } from '../../src/authz/index.js';
import { readConfig } from '../../src/config.js';
import { Database } from '../../src/database/database.js';
import type { Services } from '../../src/graphql/context.js';
import { RunChanges } from '../../src/modules/run/run-changes.js';
import { generateBoxPair, generateWriterPair, writeKeyFile } from '../../src/vault/keys.js';
import { createWriter } from '../../src/vault/writer.js';
import type { LimitSettings } from './limit-server.js';
import { issuer } from './organization.js';

const audience = 'nightsafe-bench';

export interface Site {
  /** Such as `MariaDB 10.11.19` or `SQLite 3.49.1`. */
  readonly databaseName: string;
  readonly services: Services;
  tokenFor(subject: string): Promise<string>;
  /** The api as it is shipped. Resolves to its port when it serves. */
  startApi(nodeOptions?: readonly string[]): Promise<Served>;
  /** A runner as it is shipped, which may send requests to `privateHosts`. Resolves when it is ready. */
  startRunner(privateHosts: string): Promise<Served>;
  startLimit(settings: Omit<LimitSettings, 'database'>): Promise<Served>;
  close(): Promise<void>;
}

export interface Served {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * @param location `sqlite`, or the URL of a server on which a schema is made and dropped again.
 * @param redis the URL of the Redis that runners hear of runs by; without it, the queue of one machine.
 */
export async function openSite(location: string, redis?: string): Promise<Site> {
  const home = mkdtempSync(join(tmpdir(), 'nightsafe-bench-'));
  const scratch = location === 'sqlite' ? null : await scratchSchema(location);
  const { privateKey, publicKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true });
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'bench', alg: 'EdDSA', use: 'sig' }] };
  writeFileSync(join(home, 'jwks.json'), JSON.stringify(jwks));
  const sqlitePath = join(home, 'nightsafe.sqlite');
  const environment = {
    NIGHTSAFE_HOME: home,
    NIGHTSAFE_DEMO: '0',
    NIGHTSAFE_MUTATIONS_PER_MINUTE: '0',
    NIGHTSAFE_OIDC_ISSUER: issuer,
    NIGHTSAFE_OIDC_AUDIENCE: audience,
    NIGHTSAFE_OIDC_JWKS_FILE: join(home, 'jwks.json'),
    PORT: '0',
    DATABASE_URL: scratch?.url ?? `sqlite:${sqlitePath}`,
    ...(redis === undefined ? {} : { REDIS_URL: redis }),
  };
  const config = readConfig(environment);
  const rootPair = generateBoxPair();
  const writerPair = generateWriterPair();
  mkdirSync(join(home, 'keys'));
  writeKeyFile(config.rootPublicKeyFile, 'root-public', rootPair.publicKey);
  writeKeyFile(config.writerKeyFile, 'writer-private', writerPair.privateKey);
  writeKeyFile(config.writerPublicKeyFile, 'writer-public', writerPair.publicKey);
  const database = await Database.open(config.database);
  const services: Services = {
    database,
    policies: loadPolicies(config.policiesFolder),
    writer: createWriter({
      writerPrivateKey: writerPair.privateKey,
      writerPublicKey: writerPair.publicKey,
      rootPublicKey: rootPair.publicKey,
    }),
    defaultIssuer: issuer,
    retentionDays: config.retentionDays,
    runsQueuedMost: config.runsQueuedMost,
    stepLimits: { requestSeconds: 10, longestRequestSeconds: 60, codeSeconds: 30, codeBytes: 256 * 1024 },
    runQueue: { announce: () => undefined },
    runChanges: new RunChanges(database),
    clock: Date.now,
  };
  const children: Served[] = [];
  const start = async (
    script: string,
    args: readonly string[],
    nodeOptions: readonly string[],
    message?: object,
    settings: object = {},
  ) => {
    const child = await startProcess(script, args, {
      environment: { ...environment, ...settings },
      nodeOptions,
      message,
    });
    children.push(child);
    return child;
  };
  return {
    databaseName: await versionOf(services.database),
    services,
    tokenFor: (subject) =>
      new SignJWT()
        .setProtectedHeader({ alg: 'EdDSA', kid: 'bench' })
        .setSubject(subject)
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt()
        .setExpirationTime('12h')
        .sign(privateKey),
    startApi: (nodeOptions = []) => start('../../src/main.js', ['api'], nodeOptions),
    startRunner(privateHosts) {
      const rootKeyFile = join(home, 'root.key');
      writeKeyFile(rootKeyFile, 'root-private', rootPair.privateKey);
      return start('../../src/main.js', ['runner'], [], undefined, {
        NIGHTSAFE_ROOT_KEY_FILE: rootKeyFile,
        NIGHTSAFE_RUNNER_PORT: '0',
        NIGHTSAFE_PRIVATE_HOSTS: privateHosts,
      });
    },
    startLimit: (settings) =>
      start('./limit-server.js', [], [], {
        ...settings,
        database: scratch === null ? { sqlite: sqlitePath } : { mysql: scratch.url },
      } satisfies LimitSettings),
    async close() {
      await Promise.all(children.map((child) => child.stop()));
      await services.database.close();
      await scratch?.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Starts a script of this build and waits for it to tell its port. */
function startProcess(
  script: string,
  args: readonly string[],
  {
    environment,
    nodeOptions,
    message,
  }: { readonly environment: object; readonly nodeOptions: readonly string[]; readonly message?: object | undefined },
): Promise<Served> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('NIGHTSAFE_'));
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), args, {
    env: { ...Object.fromEntries(inherited), ...environment },
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  if (message !== undefined) child.send(message);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`${script} ended with ${code} before it served`)));
    child.once('message', ({ port }: { readonly port: number }) => resolve({ port, stop: () => stopProcess(child) }));
  });
}

function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.disconnect();
  });
}

async function scratchSchema(server: string): Promise<{ readonly url: string; readonly drop: () => Promise<void> }> {
  const name = `nightsafe_bench_${randomBytes(6).toString('hex')}`;
  const statement = async (sql: string) => {
    const connection = await mysql.createConnection(new URL('/', server).href);
    await connection.query(sql);
    await connection.end();
  };
  await statement(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  return { url: new URL(`/${name}`, server).href, drop: () => statement(`DROP DATABASE ${name}`) };
}

async function versionOf(database: Database): Promise<string> {
  const [row] = await database.query(`SELECT ${database.dialect === 'sqlite' ? 'sqlite_version' : 'version'}() AS v`);
  const [version = ''] = String(row?.v).split('-');
  if (database.dialect === 'sqlite') return `SQLite ${version}`;
  return `${String(row?.v).includes('MariaDB') ? 'MariaDB' : 'MySQL'} ${version}`;
}
