import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { createWorkflow } from '../../support/workflow-operations.js';
import { itIsForbiddenToAuditors, requestInput } from '../../support/workflows.js';

describe('createWorkflow by whoever may not', () => {
  itIsForbiddenToAuditors('createWorkflow', createWorkflow, () => ({ name: 'Design' }));

  it('refuses a key that the caller sees and may not use, and names the field', async () => {
    const team = await newTeam();
    const key = await createKey(team.carol);
    const input = { name: 'Design', steps: [requestInput({}, key)] };
    const field = 'input.steps[0].sendApiRequest.headers[0].value';
    expect(await unchanged(team, () => team.alice.refusal(createWorkflow, { input }))).to.deep.equal({
      code: 'FORBIDDEN',
      fields: [{ field, message: 'column 8: you are not allowed to use this key' }],
    });
  });
});
