import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { itRefusesBadPages } from '../../support/pages.js';
import { workflowRuns } from '../../support/runs.js';

describe('workflowRuns with bad input', () => {
  itRefusesBadPages(workflowRuns, 'workflowRuns', ({ bob }) => bob);

  it('names the part of the filter that is wrong', async () => {
    const { bob } = await newTeam();
    for (const [filter, field, message] of [
      [{ workflowId: 'not-an-id' }, 'filter.workflowId', 'is not an id'],
      [{ workflowId: '' }, 'filter.workflowId', 'is not an id'],
      [{ states: ['DONE'] }, 'filter.states[0]', 'is not one of the allowed values'],
      [{ kind: 'test' }, 'filter.kind', 'is not one of the allowed values'],
      [{ startedByMe: 'yes' }, 'filter.startedByMe', 'has the wrong type'],
      [{ canary: 1 }, 'filter', 'has a field that is not known'],
    ] as const) {
      expect([filter, await bob.refusal(workflowRuns, { filter })]).to.deep.equal([
        filter,
        { code: 'BAD_USER_INPUT', fields: [{ field, message }] },
      ]);
    }
  });
});
