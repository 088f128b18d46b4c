import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { workflowRun } from '../../support/runs.js';

describe('workflowRun with bad input', () => {
  it('names the argument that is wrong', async () => {
    const { bob } = await newTeam();
    for (const [variables, message] of [
      [{}, 'is required'],
      [{ id: null }, 'is required'],
      [{ id: ['canary'] }, 'has the wrong type'],
    ] as const) {
      expect(await bob.refusal(workflowRun, variables)).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field: 'id', message }],
      });
    }
  });
});
