/** What a runner executes runs with, in the test's process, for tests of the moments within a run. */
import { PolicyHolder } from '../../src/authz/index.js';
import { readConfig } from '../../src/config.js';
import { Database } from '../../src/database/database.js';
import { newId, type OrganizationId } from '../../src/ids.js';
import { createLogger } from '../../src/log.js';
import { type ClaimedRun, RunClaims } from '../../src/runner/claim-run.js';
import { EgressDoor } from '../../src/runner/egress/egress-door.js';
import { type Execution, executeRun } from '../../src/runner/execute-run.js';
import { Keyring } from '../../src/runner/keyring.js';
import { Leases } from '../../src/runner/leases.js';
import { runLimitsOf } from '../../src/runner/run-limits.js';
import { SandboxPool } from '../../src/runner/sandbox/sandbox-pool.js';
import type { TestApi } from './api.js';

export interface TestExecution extends Execution {
  /** The only run that waits, taken. */
  claim(): Promise<ClaimedRun>;
  /** Executes a run that was taken, to its end or until the signal aborts. */
  execute(run: ClaimedRun, signal?: AbortSignal): Promise<void>;
  /** Ends as interrupted what this runner had taken, as another runner does once the leases are over. */
  outlive(): Promise<void>;
  close(): Promise<void>;
}

const lease = 30_000;

/** Its connections to the database are its own, so that a test may break them. */
export async function startExecution(api: TestApi, privateHosts: readonly string[]): Promise<TestExecution> {
  const { runner: settings } = readConfig({ NIGHTSAFE_HOME: api.home });
  const log = createLogger({ level: 'fatal', pretty: false, destination: { write: () => undefined } });
  const database = await Database.open(api.config.database, { migrate: false });
  const { verifier } = api.services.writer;
  const policies = new PolicyHolder(api.config.policiesFolder, log);
  const door = new EgressDoor({ allowedPrivateHosts: privateHosts });
  const limits = { memoryBytes: settings.codeMemoryBytes, cpuMs: settings.codeCpuMilliseconds, logLines: 100 };
  const sandbox = await SandboxPool.start({ size: 1, bubblewrap: settings.bubblewrap, limits, log });
  const runnerId = newId();
  const execution: Execution = {
    database,
    verifier,
    keyring: new Keyring({ rootPublicKey: api.rootPair.publicKey, rootPrivateKey: api.rootPair.privateKey, verifier }),
    policies: () => policies.current,
    clock: Date.now,
    logsDecisions: true,
    runnerId,
    leases: new Leases(database, runnerId),
    door,
    sandbox,
    limits: runLimitsOf(settings),
    log,
  };
  const claims = new RunClaims(database, runnerId, { runsAtOncePerOrganization: 100, runsPerMinutePerOrganization: 0 });
  return {
    ...execution,
    claim: async () => {
      const run = await claims.take(Date.now(), Date.now() + lease);
      if (run === null) throw new Error('no run waits');
      return run;
    },
    execute: (run, signal = new AbortController().signal) => {
      const executing = executeRun(execution, run, signal);
      // A test that does not wait for the end closes the database before it.
      executing.catch(() => undefined);
      return executing;
    },
    outlive: async () => {
      await new Leases(api.services.database, newId()).endExpired(Date.now() + 2 * lease);
    },
    close: async () => {
      policies.close();
      await sandbox.close();
      await door.close();
      await database.close();
    },
  };
}

/** All that is stored of the organization's runs. */
export async function runsText(api: TestApi, organizationId: OrganizationId): Promise<string> {
  const tables = ['workflow_run', 'workflow_run_step', 'active_run'];
  const rows = await Promise.all(
    tables.map((table) =>
      api.services.database.query(`SELECT * FROM ${table} WHERE organization_id = ?`, [organizationId]),
    ),
  );
  return JSON.stringify(rows);
}
