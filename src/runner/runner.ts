/**
 * The runner process: the only one with the root private key. It proves at its start that it can open what the api seals to, and
 * answers health checks.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from '../config.js';
import { Database } from '../database/database.js';
import type { OrganizationId } from '../ids.js';
import type { Logger } from '../log.js';
import { OrganizationKeyEntity } from '../modules/organization/organization.entity.js';
import { readKeyFile } from '../vault/keys.js';
import { WriterVerifier } from '../vault/sign.js';
import { Keyring } from './keyring.js';

export interface Runner {
  readonly port: number;
  close(): Promise<void>;
}

export async function startRunner(config: Config, log: Logger): Promise<Runner> {
  const keyring = new Keyring({
    rootPublicKey: readKeyFile(config.rootPublicKeyFile, 'root-public'),
    rootPrivateKey: readKeyFile(config.rootKeyFile, 'root-private'),
    verifier: WriterVerifier.fromPublicKey(readKeyFile(config.writerPublicKeyFile, 'writer-public')),
  });
  const database = await Database.open(config.database);
  const checkKeys = async (): Promise<'ok' | string> => {
    const organizations = await database.query('SELECT id FROM organization ORDER BY id');
    for (const { id } of organizations) {
      const keys = await database.readAll(OrganizationKeyEntity, { organizationId: id as OrganizationId });
      for (const key of keys) keyring.organizationPair(key).privateKey.fill(0);
    }
    return 'ok';
  };
  await checkKeys();

  const server = createServer((request, response) => {
    const answer = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
      response.end(JSON.stringify(body));
    };
    if (request.url === '/healthz') return answer(200, { status: 'ok' });
    if (request.url !== '/readyz') return answer(404, { status: 'not found' });
    database.query('SELECT 1').then(
      () => answer(200, { status: 'ok', checks: { database: 'ok', keys: 'ok' } }),
      () => answer(503, { status: 'unavailable', checks: { database: 'not reachable', keys: 'ok' } }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.runnerPort, config.host, resolve);
  });
  log.debug('every organization key opens');
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.close();
    },
  };
}
