import { expect } from 'chai';
import { newId, type RunId, type SecretKeyId } from '../../src/ids.js';
import { createLogger } from '../../src/log.js';
import { RunEntity } from '../../src/modules/run/run.entity.js';
import type { StepDefinition } from '../../src/modules/workflow/step-definition.js';
import type { ClaimedRun, RunClaims } from '../../src/runner/claim-run.js';
import { RunDispatcher } from '../../src/runner/dispatcher.js';
import type { Leases } from '../../src/runner/leases.js';
import { RunFailure } from '../../src/runner/run-failure.js';
import { verifiedRun } from '../../src/runner/verified-run.js';
import { newTeam, startTestApi, type Team, type TestApi } from '../support/api.js';
import { startExecution, type TestExecution } from '../support/execution.js';
import { codeStep, queueRun, requestStep, runOf, text } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';
import { startRun } from '../support/runs.js';
import { createKey } from '../support/secret-keys.js';
import { deleteWorkflow } from '../support/workflow-operations.js';
import { codeInput, createWorkflow } from '../support/workflows.js';

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a run', () => {
  let api: TestApi;
  let server: ReflectingServer;
  let execution: TestExecution;
  let team: Team;
  let secretKeyId: SecretKeyId;

  // Claims look at all organizations, so they have a database of their own.
  before(async () => {
    api = await startTestApi();
    server = await startReflectingServer();
    execution = await startExecution(api, [server.host]);
    team = await newTeam(api);
    const { createSecretKey } = await team.bob.data(
      'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
      { input: { name: 'Key', value: 'not-a-real-value', allowedHosts: [`http://${server.host}`] } },
    );
    secretKeyId = createSecretKey.secretKey.id;
  });
  after(async () => {
    await execution.close();
    await server.close();
    await api.close();
  });
  beforeEach(() => {
    server.received.length = 0;
  });

  const pay = (path = '/pay'): StepDefinition =>
    requestStep(team.bob.id, {
      url: text(`http://${server.host}${path}`),
      headers: [{ name: 'Authorization', value: [{ kind: 'secretKey', secretKeyId }] }],
    });
  const queue = (...steps: StepDefinition[]): Promise<RunId> => queueRun(api, team.organizationId, team.bob.id, steps);
  const change = (sql: string, ...parameters: unknown[]) =>
    api.services.database.transaction((tx) => tx.query(sql, parameters));
  const putBack = (id: RunId) =>
    change('INSERT INTO active_run (organization_id, run_id, lease_until) VALUES (?, ?, 0)', team.organizationId, id);
  const claimed = async (): Promise<ClaimedRun | null> => execution.claim().catch(() => null);
  const activeRuns = () => api.services.database.query('SELECT run_id FROM active_run');
  const left = async (id: RunId) => {
    const { state, error, steps } = await runOf(api, team.organizationId, id);
    return { state, code: error?.code, steps: steps.map((step) => step.state), sent: server.received.length };
  };

  it('that has ended is not begun again when somebody puts it back into the queue, and stays as it ended', async () => {
    const id = await queue(pay());
    await execution.execute(await execution.claim());
    const ended = await api.services.database.read(RunEntity, { organizationId: team.organizationId, id });
    await putBack(id);
    expect(await claimed()).to.equal(null);
    expect(await activeRuns()).to.deep.equal([]);
    expect(await api.services.database.read(RunEntity, { organizationId: team.organizationId, id })).to.deep.equal(
      ended,
    );
    expect(await left(id)).to.deep.equal({ state: 'SUCCEEDED', code: undefined, steps: ['SUCCEEDED'], sent: 1 });
  });

  it('that is at work is not begun a second time when somebody takes its lease away; it is interrupted', async () => {
    const id = await queue(pay('/pay?wait=300'), pay('/second'));
    const executing = execution.execute(await execution.claim());
    while (server.received.length === 0) await pause(10);
    await change('UPDATE active_run SET lease_until = 0, runner_id = NULL WHERE run_id = ?', id);
    expect(await claimed()).to.equal(null);
    await executing;
    expect(await left(id)).to.deep.equal({
      state: 'INTERRUPTED',
      code: 'INTERRUPTED',
      steps: ['INTERRUPTED', 'SKIPPED'],
      sent: 1,
    });
  });

  for (const [what, step, forgetsSteps] of [
    ['', () => requestStep(team.bob.id, { url: text(`http://${server.host}/pay`) }), false],
    [', and its steps too, when a key was opened for it', pay, true],
  ] as const) {
    it(`sends nothing twice when its row is made to say that it waits${what}`, async () => {
      const id = await queue(step());
      await execution.execute(await execution.claim());
      await change("UPDATE workflow_run SET state = 'QUEUED', started_at = NULL, finished_at = NULL WHERE id = ?", id);
      if (forgetsSteps)
        await change("UPDATE workflow_run_step SET state = 'PENDING', sent_at = NULL WHERE run_id = ?", id);
      await putBack(id);
      await execution.execute(await execution.claim());
      expect(await left(id)).to.deep.equal({ state: 'FAILED', code: 'NOT_VERIFIED', steps: ['FAILED'], sent: 1 });
    });
  }

  it('is not begun when its request is more than a day old', async () => {
    const id = await queue(pay());
    const { database, writer } = api.services;
    const day = 24 * 60 * 60_000;
    const { queuedAt } = (await database.read(RunEntity, { organizationId: team.organizationId, id })) as RunEntity;
    const run = { organizationId: team.organizationId, id };
    expect((await verifiedRun(database.reading, writer.verifier, run, queuedAt + day)).id).to.equal(id);
    const refusal = await verifiedRun(database.reading, writer.verifier, run, queuedAt + day + 1).catch(
      (error) => error,
    );
    expect(refusal).to.be.instanceOf(RunFailure).and.to.deep.include({ code: 'WAITED_TOO_LONG' });
    await change('DELETE FROM active_run');
  });

  it('that is at work in a runner is not begun by it a second time, whatever is given out', async () => {
    const run: ClaimedRun = { organizationId: team.organizationId, id: newId<RunId>() };
    const given = [run, run, null];
    const begun: ClaimedRun[] = [];
    const log: string[] = [];
    let end = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const dispatcher = new RunDispatcher(
      { take: async () => given.shift() ?? null } as unknown as RunClaims,
      {} as Leases,
      async (one) => {
        begun.push(one);
        await ended;
      },
      { runsAtOnce: 5, leaseMilliseconds: 30_000 },
      Date.now,
      createLogger({ level: 'error', pretty: false, destination: { write: (line) => void log.push(line) } }),
    );
    await dispatcher.look();
    expect({ begun, active: dispatcher.activeRuns, logged: log.length }).to.deep.equal({
      begun: [run],
      active: 1,
      logged: 1,
    });
    end();
    await dispatcher.close();
  });

  it('that was cancelled while it waited is not begun, although nobody ended it', async () => {
    const id = await queue(pay());
    await change('UPDATE workflow_run SET cancel_requested_at = 1 WHERE id = ?', id);
    expect(await claimed()).to.equal(null);
    expect(await activeRuns()).to.deep.equal([]);
    expect(await left(id)).to.deep.equal({ state: 'CANCELLED', code: 'CANCELLED', steps: ['CANCELLED'], sent: 0 });
  });

  it('of a workflow that was deleted begins no step, although its row says nothing of it', async () => {
    const { id: workflowId } = await createWorkflow(team.bob, [codeInput()]);
    const id = await startRun(team.bob, { workflowId });
    const run = await execution.claim();
    await team.bob.data(deleteWorkflow, { input: { id: workflowId } });
    await change('UPDATE workflow_run SET cancel_requested_at = NULL WHERE id = ?', id);
    await execution.execute(run);
    expect(await left(id)).to.deep.equal({ state: 'CANCELLED', code: 'CANCELLED', steps: ['CANCELLED'], sent: 0 });
  });

  // The signal of these runs never aborts: they stand for the moment before the runner is told.
  it('that is cancelled begins no step more', async () => {
    const id = await queue(codeStep(team.bob.id, 'return 1'), pay());
    const run = await execution.claim();
    await change('UPDATE workflow_run SET cancel_requested_at = 1 WHERE id = ?', id);
    await execution.execute(run);
    expect(await left(id)).to.deep.equal({
      state: 'CANCELLED',
      code: 'CANCELLED',
      steps: ['CANCELLED', 'CANCELLED'],
      sent: 0,
    });
  });

  it('that is cancelled sends nothing more, also within a step that has begun', async () => {
    const id = await queue(
      codeStep(
        team.bob.id,
        `await fetch('http://${server.host}/?wait=300'); await fetch('http://${server.host}/more');`,
      ),
    );
    const executing = execution.execute(await execution.claim());
    while (server.received.length === 0) await pause(10);
    await change('UPDATE workflow_run SET cancel_requested_at = 1 WHERE id = ?', id);
    await executing;
    expect(await left(id)).to.deep.equal({ state: 'CANCELLED', code: 'CANCELLED', steps: ['CANCELLED'], sent: 1 });
  });

  it('opens no key and sends nothing when it is cancelled between a step that begins and its request', async () => {
    const id = await queue(pay());
    const run = await execution.claim();
    const begin = execution.database.transaction.bind(execution.database);
    let writes = 0;
    Object.assign(execution.database, {
      transaction: async (work: Parameters<typeof begin>[0]) => {
        writes += 1;
        // The first begins the step; the second permits its key.
        if (writes === 2) await change('UPDATE workflow_run SET cancel_requested_at = 1 WHERE id = ?', id);
        return begin(work);
      },
    });
    try {
      await execution.execute(run);
    } finally {
      Object.assign(execution.database, { transaction: begin });
    }
    expect(await left(id)).to.deep.equal({ state: 'CANCELLED', code: 'CANCELLED', steps: ['CANCELLED'], sent: 0 });
    const uses = "SELECT sequence FROM audit_event WHERE run_id = ? AND type = 'secretKey.used'";
    expect(await api.services.database.query(uses, [id])).to.deep.equal([]);
  });

  it('ends with a typed error when its starter is deactivated or made an auditor, before any step, with a key or without', async () => {
    const other = await newTeam(api);
    const key = await createKey(other.alice, { level: 'TEAM' });
    for (const [operation, input] of [
      ['deactivateMember', { id: other.bob.id }],
      ['setMemberRole', { id: other.carol.id, role: 'AUDITOR' }],
    ] as const) {
      const starter = operation === 'deactivateMember' ? other.bob : other.carol;
      const steps = [
        requestStep(other.alice.id, { url: text(`http://${server.host}/first?wait=300`) }),
        requestStep(other.alice.id, { url: text(`http://${server.host}/second`) }),
        requestStep(other.alice.id, {
          url: text(`http://${server.host}/third`),
          headers: [{ name: 'A', value: [{ kind: 'secretKey', secretKeyId: key as SecretKeyId }] }],
        }),
      ];
      server.received.length = 0;
      const id = await queueRun(api, other.organizationId, starter.id, steps);
      const executing = execution.execute(await execution.claim());
      while (server.received.length === 0) await pause(10);
      const type = `${operation[0]?.toUpperCase()}${operation.slice(1)}Input`;
      await other.alice.data(`mutation ($input: ${type}!) { ${operation}(input: $input) { member { id } } }`, {
        input,
      });
      await executing;
      const { state, error, steps: ended } = await runOf(api, other.organizationId, id);
      expect({ state, code: error?.code, steps: ended.map((step) => step.state) }).to.deep.equal({
        state: 'FAILED',
        code: 'RUN_NOT_ALLOWED',
        steps: ['SUCCEEDED', 'SKIPPED', 'SKIPPED'],
      });
      expect(server.received.map(({ url }) => url)).to.deep.equal(['/first?wait=300']);
      const records = await api.services.database.query('SELECT type FROM audit_event WHERE run_id = ?', [id]);
      expect(records.map(({ type: recorded }) => recorded)).to.deep.equal(['workflow.runRefused']);
    }
  });
});
