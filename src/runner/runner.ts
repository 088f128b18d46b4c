/**
 * The runner process: the only one with the root private key. It proves at its start that it can open what the api seals to, and
 * answers health checks.
 *
 *   GET /healthz   200 while the process runs
 *   GET /readyz    200 when the database answers, 503 otherwise
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.js';
import { Database } from '../database/database.js';
import type { OrganizationId } from '../ids.js';
import type { Logger } from '../log.js';
import { OrganizationKeyEntity } from '../modules/organization/organization.entity.js';
import { OperatorError } from '../operator-error.js';
import { readKeyFile } from '../vault/keys.js';
import { WriterVerifier } from '../vault/sign.js';
import { Keyring } from './keyring.js';

export interface Runner {
  readonly port: number;
  close(): Promise<void>;
}

/** How long `close` waits for health checks in flight, in milliseconds. */
const longestDrain = 2_500;

/** @throws OperatorError when a key is missing or wrong, or the api has not migrated the database yet. */
export async function startRunner(config: Config, log: Logger): Promise<Runner> {
  const keyring = new Keyring({
    rootPublicKey: readKeyFile(config.rootPublicKeyFile, 'root-public'),
    rootPrivateKey: readKeyFile(config.rootKeyFile, 'root-private'),
    verifier: WriterVerifier.fromPublicKey(readKeyFile(config.writerPublicKeyFile, 'writer-public')),
  });
  const database = await Database.open(config.database, { migrate: false });
  await openEveryKey(database, keyring);
  log.debug('every organization key opens');

  const server = createServer(async (request, response) => {
    const answer = (status: number, body: object) => {
      const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
      response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
    };
    if (request.url === '/healthz') return answer(200, { status: 'ok', checks: {} });
    if (request.url !== '/readyz') return answer(404, { status: 'not found' });
    return (await database.isReachable())
      ? answer(200, { status: 'ok', checks: { database: 'ok' } })
      : answer(503, { status: 'unavailable', checks: { database: 'not reachable' } });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.runnerPort, config.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const deadline = setTimeout(() => server.closeAllConnections(), longestDrain);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(deadline);
      await database.close();
    },
  };
}

async function openEveryKey(database: Database, keyring: Keyring): Promise<void> {
  for (const { id, slug } of await database.query('SELECT id, slug FROM organization ORDER BY id')) {
    for (const key of await database.readAll(OrganizationKeyEntity, { organizationId: id as OrganizationId })) {
      try {
        keyring.organizationPair(key).privateKey.fill(0);
      } catch {
        throw new OperatorError(
          `Key ${key.number} of the organization ${slug} cannot be opened: the root key or the writer's public key is of another installation, or the row was changed by something else than the api.`,
        );
      }
    }
  }
}
