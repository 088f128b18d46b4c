import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince } from '../../support/membership.js';
import {
  cancelRun,
  recordedRunEvents,
  runRows,
  startRun,
  stepWithCode,
  unchangedRuns,
  waitingRun,
  writeRun,
} from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

describe('cancelRun', () => {
  it('ends a run that waits at once: no runner takes it, and its starter, its creator and an administrator may', async () => {
    const team = await newTeam();
    const { alice, bob, carol } = team;
    const workflow = await createWorkflow(bob, [stepWithCode()]);
    const input = { a: 1 };
    const message = 'Somebody cancelled the run.';
    for (const caller of [carol, bob, alice]) {
      const id = await startRun(carol, { workflowId: workflow.id, input });
      const started = Date.now();
      const { cancelRun: answer } = await caller.data(cancelRun, { input: { id } });
      const finishedAt = instantSince(started, answer.run.finishedAt);
      const error = { code: 'CANCELLED', message, secretKey: null, field: null, line: null };
      const change = { workflow, workflowVersion: 1, input, state: 'CANCELLED', revision: 2, finishedAt, error };
      expect(answer).to.deep.equal({
        run: waitingRun(answer.run, carol, { ...change, viewerCan: [] }, { state: 'CANCELLED' }),
      });
      expect((await runRows(team))[2]).to.deep.equal([]);
      expect((await recordedRunEvents(team)).at(-1)).to.deep.equal({
        type: 'workflow.runCancelled',
        actor: caller.name,
        subject: { type: 'Workflow', id: workflow.id, name: workflow.name },
        details: { runId: id, wasRunning: false },
      });
      expect(await unchangedRuns(team, () => caller.data(cancelRun, { input: { id } }))).to.deep.equal({
        cancelRun: answer,
      });
    }
  });

  it('asks the runner of a run at work to stop, once, and leaves the rest to it', async () => {
    const team = await newTeam();
    const { bob } = team;
    const workflow = await createWorkflow(bob, [stepWithCode()]);
    const id = await startRun(bob, { workflowId: workflow.id });
    const startedAt = Date.now();
    await writeRun(team, id, { state: 'RUNNING', startedAt }, [{ state: 'RUNNING', startedAt }]);
    const { cancelRun: answer } = await bob.data(cancelRun, { input: { id } });
    const running = { state: 'RUNNING', startedAt: new Date(startedAt).toISOString() };
    expect(answer).to.deep.equal({
      run: waitingRun(answer.run, bob, { workflow, workflowVersion: 1, revision: 3, ...running }, running),
    });
    const [row] = await team.api.services.database.query(
      'SELECT cancel_requested_at FROM workflow_run WHERE organization_id = ? AND id = ?',
      [team.organizationId, id],
    );
    expect(Number(row?.cancel_requested_at)).to.be.within(startedAt, Date.now());
    expect((await recordedRunEvents(team)).at(-1)).to.deep.equal({
      type: 'workflow.runCancelled',
      actor: 'Bob',
      subject: { type: 'Workflow', id: workflow.id, name: workflow.name },
      details: { runId: id, wasRunning: true },
    });
    expect(await unchangedRuns(team, () => bob.data(cancelRun, { input: { id } }))).to.deep.equal({
      cancelRun: answer,
    });
  });
});
