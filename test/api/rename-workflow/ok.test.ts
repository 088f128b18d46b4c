import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { unchanged } from '../../support/stored.js';
import { renameWorkflow } from '../../support/workflow-operations.js';
import { makeWorkflow } from '../../support/workflows.js';

describe('renameWorkflow', () => {
  it('changes the name, and keeps, replaces or removes the description', async () => {
    const { bob, carol } = await newTeam();
    const id = await makeWorkflow(bob, { description: 'Old.' });
    for (const [change, description] of [
      [{}, 'Old.'],
      [{ description: 'New.' }, 'New.'],
      [{ description: null }, null],
    ] as const) {
      const { workflow } = (await carol.data(renameWorkflow, { input: { id, name: ' Sync ', ...change } }))
        .renameWorkflow;
      expect([workflow.name, workflow.description, workflow.version]).to.deep.equal(['Sync', description, 1]);
    }
  });

  it('is a CONFLICT for the name of another workflow, and changes nothing', async () => {
    const team = await newTeam();
    const id = await makeWorkflow(team.bob);
    await makeWorkflow(team.bob, { name: 'Sync' });
    const input = { id, name: 'SYNC' };
    expect(await unchanged(team, () => team.bob.refusal(renameWorkflow, { input }))).to.deep.equal({
      code: 'CONFLICT',
    });
  });
});
