import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { setWorkflowSteps, workflowById } from '../../support/workflow-operations.js';
import { codeInput, makeWorkflow, requestInput } from '../../support/workflows.js';

describe('setWorkflowSteps', () => {
  it('leaves a step that did not change to its editor, whose keys the caller need not see', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const key = await createKey(bob);
    const id = await makeWorkflow(bob, { steps: [requestInput({}, key)] });
    const [step] = (await bob.data(workflowById, { id })).workflow.steps;
    const kept = requestInput({ id: step.id }, key);
    const input = { id, steps: [codeInput(), kept], expectedVersion: 1 };
    const { workflow } = (await carol.data(setWorkflowSteps, { input })).setWorkflowSteps;
    const editors = workflow.steps.map((one: { id: string; editedBy: { name: string } }) => one.editedBy.name);
    expect([workflow.version, editors, workflow.steps[1]]).to.deep.equal([2, ['Carol', 'Bob'], step]);
    const changed = { id, steps: [requestInput({ id: step.id, url: 'https://evil.example.com/' }, key)] };
    expect(await unchanged(team, () => carol.refusal(setWorkflowSteps, { input: changed }))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [
        {
          field: 'input.steps[0].sendApiRequest.headers[0].value',
          message: 'column 8: refers to a key that is not there',
        },
      ],
    });
  });

  it('is a CONFLICT for a version that is not the current one, and changes nothing', async () => {
    const team = await newTeam();
    const id = await makeWorkflow(team.bob);
    const input = { id, steps: [], expectedVersion: 2 };
    expect(await unchanged(team, () => team.bob.refusal(setWorkflowSteps, { input }))).to.deep.equal({
      code: 'CONFLICT',
    });
  });
});
