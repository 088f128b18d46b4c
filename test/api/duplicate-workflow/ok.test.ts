import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { duplicateWorkflow } from '../../support/workflow-operations.js';
import { makeWorkflow, requestInput } from '../../support/workflows.js';

describe('duplicateWorkflow', () => {
  it('makes an inactive copy whose steps are the caller’s, who must see and may use every key', async () => {
    const team = await newTeam();
    const { bob, carol, growth } = team;
    const key = await createKey(carol, { grants: [{ granteeId: growth, permission: 'USE' }] });
    const shared = await makeWorkflow(carol, { activate: true, steps: [requestInput({}, key)] });
    const { workflow } = (await bob.data(duplicateWorkflow, { input: { id: shared, name: 'Copy' } })).duplicateWorkflow;
    expect([workflow.name, workflow.state, workflow.version, workflow.steps[0].editedBy.name]).to.deep.equal([
      'Copy',
      'INACTIVE',
      1,
      'Bob',
    ]);
    const hidden = await makeWorkflow(carol, { steps: [requestInput({}, await createKey(carol))] });
    const input = { id: hidden, name: 'Another' };
    expect(await unchanged(team, () => bob.refusal(duplicateWorkflow, { input }))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'input.id', message: 'step send, headers[0].value: refers to a key that is not there' }],
    });
  });
});
