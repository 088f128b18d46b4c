import { expect } from 'chai';
import { newTeam, startTestApi, type TestApi } from '../../support/api.js';
import {
  bodyOf,
  cancelRun,
  runWorkflow,
  startRun,
  stepWithCode,
  testAction,
  unchangedRuns,
} from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

describe('runWorkflow and testAction while too many runs wait', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi({ runsQueuedMost: 2 });
  });
  after(() => api.close());

  it('start nothing, in that organization alone, until one of them does not wait any more', async () => {
    const team = await newTeam(api);
    const { bob, stranger } = team;
    const { id: workflowId } = await createWorkflow(bob, [stepWithCode()]);
    const first = await startRun(bob, { workflowId });
    await startRun(bob, { workflowId });
    for (const [operation, query, input] of [
      ['runWorkflow', runWorkflow, { workflowId }],
      ['testAction', testAction, { step: stepWithCode() }],
    ] as const) {
      const answer = await unchangedRuns(team, () => bob.ask(query, { input }));
      expect(bodyOf(answer)).to.deep.equal({
        errors: [
          {
            message: 'Too many runs of the organization wait already.',
            path: [operation],
            extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 10 },
          },
        ],
        data: null,
      });
    }
    await startRun(stranger);
    await bob.data(cancelRun, { input: { id: first } });
    await startRun(bob, { workflowId });
  });
});
