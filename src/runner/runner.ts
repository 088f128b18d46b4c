/**
 * The runner process: the only one with the root private key. It takes runs from the queue, uses keys for them, and answers health
 * checks.
 *
 *   GET /healthz   200 while the process runs
 *   GET /readyz    200 when the database answers, 503 otherwise; tells the queue's state, the layers around code, and the policies
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PolicyHolder, proveSql, watchPolicies } from '../authz/index.js';
import type { Config } from '../config.js';
import { Database } from '../database/database.js';
import { newId, type OrganizationId } from '../ids.js';
import type { Logger } from '../log.js';
import { OrganizationKeyEntity } from '../modules/organization/organization.entity.js';
import { OperatorError } from '../operator-error.js';
import { openRunQueue } from '../queue/run-queue.js';
import { readKeyFile } from '../vault/keys.js';
import { WriterVerifier } from '../vault/sign.js';
import { RunClaims } from './claim-run.js';
import { RunDispatcher } from './dispatcher.js';
import { EgressDoor } from './egress/egress-door.js';
import { executeRun } from './execute-run.js';
import { Keyring } from './keyring.js';
import { Leases } from './leases.js';
import { runLimitsOf } from './run-limits.js';
import { SandboxPool } from './sandbox/sandbox-pool.js';

export interface Runner {
  readonly port: number;
  /** Takes up changed policies when they are right; otherwise the log and /readyz say so. */
  reloadPolicies(): void;
  close(): Promise<void>;
}

/** How long `close` waits for health checks in flight, in milliseconds. */
const longestDrain = 2_500;

/** @throws OperatorError when a key is missing or wrong, or the api has not migrated the database yet. */
export async function startRunner(config: Config, log: Logger, clock: () => number = Date.now): Promise<Runner> {
  const writerPublicKey = readKeyFile(config.writerPublicKeyFile, 'writer-public');
  const verifier = WriterVerifier.fromPublicKey(writerPublicKey);
  const keyring = new Keyring({
    rootPublicKey: readKeyFile(config.rootPublicKeyFile, 'root-public'),
    rootPrivateKey: readKeyFile(config.rootKeyFile, 'root-private'),
    verifier,
  });
  const policies = new PolicyHolder(config.policiesFolder, log);
  const database = await Database.open(config.database, { migrate: false });
  await policies.require(({ catalogue }) => proveSql(catalogue, (sql, parameters) => database.query(sql, parameters)));
  await openEveryKey(database, keyring);
  log.debug('every organization key opens');

  const runnerId = newId(clock());
  const { runner: settings } = config;
  if (settings.runsAtOncePerOrganization >= settings.runsAtOnce) {
    log.warn(
      'one organization can take every place of this runner: NIGHTSAFE_RUNS_AT_ONCE_PER_ORGANIZATION is not less than NIGHTSAFE_RUNS_AT_ONCE',
    );
  }
  const door = new EgressDoor({
    allowedPrivateHosts: settings.privateHosts,
    limits: {
      timeoutMs: settings.requestSeconds * 1000,
      longestTimeoutMs: settings.longestRequestSeconds * 1000,
      redirects: settings.redirects,
      urlBytes: settings.urlBytes,
      requestHeaderBytes: settings.requestHeaderBytes,
      requestBytes: settings.requestBytes,
      responseHeaderBytes: settings.responseHeaderBytes,
      responseBodyBytes: settings.responseBytes,
    },
  });
  const sandbox = await SandboxPool.start({
    size: settings.runsAtOnce,
    bubblewrap: settings.bubblewrap,
    limits: {
      codeBytes: settings.codeBytes,
      memoryBytes: settings.codeMemoryBytes,
      cpuMs: settings.codeCpuMilliseconds,
      wallMs: settings.codeSeconds * 1000,
      logLines: settings.codeLogLines,
      resultBytes: settings.codeResultBytes,
      requests: settings.codeRequests,
      pendingHostCalls: settings.codeCallsAtOnce,
      runsPerChild: settings.codeRunsPerProcess,
    },
    log,
  });
  const leases = new Leases(database, runnerId);
  const execution = {
    database,
    verifier,
    keyring,
    policies: () => policies.current,
    clock,
    logsDecisions: config.decisionLogDays > 0,
    runnerId,
    leases,
    door,
    sandbox,
    limits: runLimitsOf(settings),
    log,
  };
  const dispatcher = new RunDispatcher(
    new RunClaims(database, runnerId, settings),
    leases,
    (run, signal) => executeRun(execution, run, signal),
    { runsAtOnce: settings.runsAtOnce, leaseMilliseconds: settings.leaseSeconds * 1000 },
    clock,
    log,
  );
  const queue = await openRunQueue(config, writerPublicKey, log);

  const server = createServer(async (request, response) => {
    if (request.url === '/healthz') return answer(response, 200, { status: 'ok', checks: {} });
    if (request.url !== '/readyz') return answer(response, 404, { status: 'not found' });
    const isReachable = await database.isReachable();
    // Without the queue's server runs start a moment later, so the runner is ready without it.
    const checks = {
      database: isReachable ? 'ok' : 'not reachable',
      queue: (await queue.isReachable()) ? 'ok' : 'not reachable',
      sandbox: sandbox.layers,
    };
    answer(response, isReachable ? 200 : 503, {
      status: isReachable ? 'ok' : 'unavailable',
      checks,
      policyVersion: policies.current.version,
      ...(policies.wasRefused && { policyReload: 'refused' }),
      activeRuns: dispatcher.activeRuns,
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.runnerPort, config.host, resolve);
  });
  const reloadPolicies = () => void policies.reload();
  const endWatch = config.policyWatch ? watchPolicies(config.policiesFolder, reloadPolicies) : () => undefined;
  dispatcher.start();
  await queue.consume(() => dispatcher.look());
  void dispatcher.look();
  return {
    port: (server.address() as AddressInfo).port,
    reloadPolicies,
    close: async () => {
      endWatch();
      policies.close();
      await queue.close();
      await dispatcher.close();
      const deadline = setTimeout(() => server.closeAllConnections(), longestDrain);
      await new Promise((resolve) => server.close(resolve));
      clearTimeout(deadline);
      await sandbox.close();
      await door.close();
      await database.close();
    },
  };
}

function answer(response: ServerResponse, status: number, body: object): void {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
  response.writeHead(status, headers).end(`${JSON.stringify(body)}\n`);
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
