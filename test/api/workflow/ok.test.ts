import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { workflowById } from '../../support/workflow-operations.js';
import { makeWorkflow, requestInput } from '../../support/workflows.js';

describe('workflow', () => {
  it('is the same for everyone but for what they may do, and for keys that they may not see', async () => {
    const { alice, bob, carol, dave, deployBot } = await newTeam();
    const key = await createKey(bob);
    const id = await makeWorkflow(bob, { steps: [requestInput({}, key)] });
    const { workflow } = await bob.data(workflowById, { id });
    const work = ['RENAME', 'EDIT', 'ACTIVATE', 'DUPLICATE', 'RUN'];
    const hidden = [{ secretKey: null, step: 'send', place: 'headers[0].value' }];
    for (const [client, viewerCan, secretKeys] of [
      [alice, ['RENAME', 'EDIT', 'ACTIVATE', 'DUPLICATE', 'DELETE', 'RUN'], workflow.secretKeys],
      [carol, work, hidden],
      [deployBot, work, hidden],
      [dave, [], workflow.secretKeys],
    ] as const) {
      expect(await client.data(workflowById, { id })).to.deep.equal({
        workflow: { ...workflow, viewerCan, secretKeys },
      });
    }
  });
});
