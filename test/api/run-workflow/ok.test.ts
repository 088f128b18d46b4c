import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince } from '../../support/membership.js';
import {
  cancelRun,
  recordedRunEvents,
  runRows,
  runWorkflow,
  signedRun,
  startRun,
  stepWithCode,
  waitingRun,
  workflowRun,
} from '../../support/runs.js';
import { createKey } from '../../support/secret-keys.js';
import { createWorkflow, requestInput } from '../../support/workflows.js';

describe('runWorkflow', () => {
  it('puts a run into the queue, signed over exactly what is stored, and records who asked', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const workflow = await createWorkflow(bob, [stepWithCode()]);
    const started = Date.now();
    const input = { city: 'Zürich', days: [1, 2.5, null], deep: { yes: true } };
    const { runWorkflow: answer } = await carol.data(runWorkflow, { input: { workflowId: workflow.id, input } });
    const { id } = answer.run;
    instantSince(started, answer.run.queuedAt);
    expect(answer).to.deep.equal({ run: waitingRun(answer.run, carol, { workflow, workflowVersion: 1, input }) });
    expect(await carol.data(workflowRun, { id })).to.deep.equal({ workflowRun: answer.run });
    expect(await signedRun(team, id)).to.deep.equal({
      workflowId: workflow.id,
      workflowVersion: 1,
      steps: null,
      input: JSON.stringify({ input, steps: {} }),
      startedById: carol.id,
    });
    expect(await recordedRunEvents(team)).to.deep.equal([
      {
        type: 'workflow.runRequested',
        actor: 'Carol',
        subject: { type: 'Workflow', id: workflow.id, name: workflow.name },
        details: { runId: id, version: 1 },
      },
    ]);
  });

  it('starts with an empty object when no input is given', async () => {
    const team = await newTeam();
    const { id: workflowId } = await createWorkflow(team.bob, [stepWithCode()]);
    for (const input of [{ workflowId }, { workflowId, input: null }, { workflowId, input: {} }]) {
      const { runWorkflow: answer } = await team.bob.data(runWorkflow, { input });
      expect((await signedRun(team, answer.run.id)).input).to.equal('{"input":{},"steps":{}}');
    }
  });

  it('takes a key that the starter and the editor of the step may both use, and an administrator and a service', async () => {
    const team = await newTeam();
    const { alice, bob, deployBot } = team;
    const key = await createKey(alice, { level: 'TEAM' });
    const { id: workflowId } = await createWorkflow(bob, [requestInput({}, key)]);
    for (const caller of [alice, bob, deployBot]) await startRun(caller, { workflowId });
  });

  it('starts one run however often a request is repeated, and answers with the run as it is now', async () => {
    const team = await newTeam();
    const { id: workflowId } = await createWorkflow(team.bob, [stepWithCode()]);
    const input = { workflowId, input: { a: 1 }, clientMutationId: 'once' };
    const { runWorkflow: first } = await team.bob.data(runWorkflow, { input });
    const { cancelRun: cancelled } = await team.bob.data(cancelRun, { input: { id: first.run.id } });
    const before = await runRows(team);
    expect(await team.bob.data(runWorkflow, { input })).to.deep.equal({ runWorkflow: cancelled });
    expect(await team.bob.refusal(runWorkflow, { input: { ...input, input: { a: 2 } } })).to.deep.equal({
      code: 'CONFLICT',
    });
    expect(await runRows(team)).to.deep.equal(before);
  });
});
