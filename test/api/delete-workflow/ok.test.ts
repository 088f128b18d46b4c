import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf } from '../../support/membership.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { deleteWorkflow, runWorkflow, workflowById } from '../../support/workflow-operations.js';
import { codeInput, isForbidden, makeWorkflow, requestInput } from '../../support/workflows.js';

describe('deleteWorkflow', () => {
  it('takes the workflow and its references away, and frees its name', async () => {
    const { alice, api, bob, organizationId } = await newTeam();
    const steps = [requestInput({}, await createKey(bob))];
    for (const client of [bob, alice]) {
      const id = await makeWorkflow(bob, { name: 'Sync', steps });
      expect(await client.data(deleteWorkflow, { input: { id } })).to.deep.equal({ deleteWorkflow: { deletedId: id } });
      expect(await bob.data(workflowById, { id })).to.deep.equal({ workflow: null });
    }
    const references = await api.services.database.query(
      'SELECT workflow_id FROM secret_key_reference WHERE organization_id = ?',
      [organizationId],
    );
    expect(references).to.deep.equal([]);
  });

  it('asks its runs that have not ended to stop, and no others', async () => {
    const { api, bob, organizationId } = await newTeam();
    const runs: string[] = [];
    const ids: string[] = [];
    for (const name of ['Deleted', 'Kept']) {
      const id = await makeWorkflow(bob, { name, activate: true, steps: [codeInput()] });
      ids.push(id);
      runs.push((await bob.data(runWorkflow, { input: { workflowId: id } })).runWorkflow.run.id);
    }
    await bob.data(deleteWorkflow, { input: { id: ids[0] } });
    const rows = await api.services.database.query(
      'SELECT id FROM workflow_run WHERE organization_id = ? AND cancel_requested_at IS NOT NULL',
      [organizationId],
    );
    expect(rows.map(({ id }) => id)).to.deep.equal([runs[0]]);
  });

  it('is FORBIDDEN to a member and a service account who did not create it', async () => {
    const team = await newTeam();
    const id = await makeWorkflow(team.bob);
    for (const client of [team.carol, team.deployBot]) {
      const answer = await unchanged(team, () => client.ask(deleteWorkflow, { input: { id } }));
      expect(bodyOf(answer)).to.deep.equal(isForbidden('deleteWorkflow'));
    }
  });
});
