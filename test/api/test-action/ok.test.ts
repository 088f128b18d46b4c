import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { recordedRunEvents, runRows, signedRun, stepWithCode, testAction, waitingRun } from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

describe('testAction', () => {
  it('puts a step that was not saved into the queue, kept and signed with its run, for a workflow active or not', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const workflow = await createWorkflow(bob, [stepWithCode('first')], { activate: false });
    const step = {
      runCode: { name: 'count', code: 'return n;', variables: [{ name: 'n', value: '{{ steps.first.n }}' }] },
    };
    const input = { workflowId: workflow.id, step, input: { a: 1 }, previousOutputs: { first: { n: 2 } } };
    const { testAction: answer } = await carol.data(testAction, { input });
    const { id, steps } = answer.run;
    expect(answer).to.deep.equal({
      run: waitingRun(answer.run, carol, { kind: 'TEST', workflow, input: { a: 1 } }),
    });
    expect(await signedRun(team, id)).to.deep.equal({
      workflowId: workflow.id,
      workflowVersion: null,
      steps: [
        {
          type: 'RUN_CODE',
          id: steps[0].id.split('/')[1],
          name: 'count',
          editedById: carol.id,
          timeoutSeconds: 30,
          code: 'return n;',
          variables: [
            {
              name: 'n',
              value: [{ kind: 'output', step: 'first', path: ['n'] }],
            },
          ],
        },
      ],
      input: '{"input":{"a":1},"steps":{"first":{"n":2}}}',
      startedById: carol.id,
    });
    expect(await recordedRunEvents(team)).to.deep.equal([
      {
        type: 'workflow.actionTested',
        actor: 'Carol',
        subject: { type: 'Workflow', id: workflow.id, name: workflow.name },
        details: { runId: id, action: 'RUN_CODE' },
      },
    ]);
  });

  it('takes a step that is for no workflow yet', async () => {
    const team = await newTeam();
    const { testAction: answer } = await team.bob.data(testAction, { input: { step: stepWithCode() } });
    expect(answer).to.deep.equal({ run: waitingRun(answer.run, team.bob, { kind: 'TEST' }) });
    expect((await signedRun(team, answer.run.id)).workflowId).to.equal(null);
    expect(await recordedRunEvents(team)).to.deep.equal([
      {
        type: 'workflow.actionTested',
        actor: 'Bob',
        subject: { type: 'WorkflowRun', id: answer.run.id, name: 'Test of a step' },
        details: { runId: answer.run.id, action: 'RUN_CODE' },
      },
    ]);
  });

  it('starts one run however often a request is repeated', async () => {
    const team = await newTeam();
    const input = { step: stepWithCode(), previousOutputs: { earlier: [1] }, clientMutationId: 'once' };
    const first = await team.bob.data(testAction, { input });
    const before = await runRows(team);
    expect(await team.bob.data(testAction, { input })).to.deep.equal(first);
    expect(await team.bob.refusal(testAction, { input: { ...input, previousOutputs: {} } })).to.deep.equal({
      code: 'CONFLICT',
    });
    expect(await runRows(team)).to.deep.equal(before);
  });
});
