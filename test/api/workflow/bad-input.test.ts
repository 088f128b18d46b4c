import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { workflowById } from '../../support/workflow-operations.js';

describe('workflow with bad input', () => {
  it('names the argument that is missing or no id', async () => {
    const { bob } = await newTeam();
    const refusal = (message: string) => ({ code: 'BAD_USER_INPUT', fields: [{ field: 'id', message }] });
    expect(await bob.refusal(workflowById)).to.deep.equal(refusal('is required'));
    expect(await bob.refusal(workflowById, { id: { id: 1 } })).to.deep.equal(refusal('has the wrong type'));
  });
});
