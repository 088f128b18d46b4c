import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, stepWithCode, testAction, unchangedRuns } from '../../support/runs.js';
import { createKey } from '../../support/secret-keys.js';
import { createWorkflow, requestInput } from '../../support/workflows.js';

describe('testAction by whoever may not', () => {
  it('is FORBIDDEN to an auditor, for a workflow and for none', async () => {
    const team = await newTeam();
    const { id: workflowId } = await createWorkflow(team.bob, [stepWithCode()]);
    for (const place of [{ workflowId }, {}]) {
      const input = { ...place, step: stepWithCode() };
      expect(await unchangedRuns(team, () => team.dave.refusal(testAction, { input }))).to.deep.equal({
        code: 'FORBIDDEN',
      });
    }
  });

  it('is FORBIDDEN to whoever sees a key in the step and may not use it', async () => {
    const team = await newTeam();
    const key = await createKey(team.carol);
    const input = { step: requestInput({}, key) };
    const field = 'input.step.sendApiRequest.headers[0].value';
    const answer = await unchangedRuns(team, () => team.alice.ask(testAction, { input }));
    expect(bodyOf(answer)).to.deep.equal({
      errors: [
        {
          message: 'You are not allowed to use a key in these steps.',
          path: ['testAction'],
          extensions: {
            code: 'FORBIDDEN',
            fields: [{ field, message: 'column 8: you are not allowed to use this key' }],
          },
        },
      ],
      data: null,
    });
  });

  it('is FORBIDDEN with a step as it was saved when whoever saved it has lost its key', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const key = await createKey(carol, { grants: [{ granteeId: bob.id, permission: 'USE' }] });
    const { id: workflowId } = await createWorkflow(bob, [requestInput({}, key)]);
    const { workflow } = await carol.data('query ($id: ID!) { workflow(id: $id) { steps { id } } }', {
      id: workflowId,
    });
    await carol.data(
      'mutation ($input: SetSecretAccessInput!) { setSecretAccess(input: $input) { secretKey { id } } }',
      { input: { id: key, level: 'RESTRICTED', grants: [{ granteeId: carol.id, permission: 'MANAGE' }] } },
    );
    const { sendApiRequest } = requestInput({}, key);
    const input = { workflowId, step: { sendApiRequest: { ...sendApiRequest, id: workflow.steps[0].id } } };
    const answer = await unchangedRuns(team, () => carol.ask(testAction, { input }));
    expect(bodyOf(answer)).to.deep.equal({
      errors: [
        {
          message: 'A key in the steps is gone, or you or whoever last edited a step may not use it.',
          path: ['testAction'],
          extensions: { code: 'FORBIDDEN', secretKeys: [key], otherSecretKeyCount: 0 },
        },
      ],
      data: null,
    });
  });
});
