import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf } from '../../support/membership.js';
import { startRun, writeRun } from '../../support/runs.js';
import { createKey } from '../../support/secret-keys.js';
import { recordedEvents, unchanged } from '../../support/stored.js';
import { deleteWorkflow, workflowById } from '../../support/workflow-operations.js';
import { codeInput, createWorkflow, isForbidden, makeWorkflow, requestInput } from '../../support/workflows.js';

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

  it('cancels its runs that have not ended: no runner takes those that wait, and the others are asked to stop', async () => {
    const team = await newTeam();
    const { api, bob, organizationId } = team;
    const [deleted, kept] = [await createWorkflow(bob, [codeInput()]), await createWorkflow(bob, [codeInput()])];
    const [waiting, running, ended] = [
      await startRun(bob, { workflowId: deleted.id }),
      await startRun(bob, { workflowId: deleted.id }),
      await startRun(bob, { workflowId: deleted.id }),
    ];
    const other = await startRun(bob, { workflowId: kept.id });
    await writeRun(team, running, { state: 'RUNNING', startedAt: 1 });
    await writeRun(team, ended, { state: 'SUCCEEDED', startedAt: 1, finishedAt: 2 });
    await bob.data(deleteWorkflow, { input: { id: deleted.id } });
    const rows = await api.services.database.query(
      `SELECT r.id, r.state, r.cancel_requested_at, r.finished_at, a.run_id, s.state AS step FROM workflow_run r
       JOIN workflow_run_step s ON s.organization_id = r.organization_id AND s.run_id = r.id
       LEFT JOIN active_run a ON a.organization_id = r.organization_id AND a.run_id = r.id
       WHERE r.organization_id = ?`,
      [organizationId],
    );
    const shown = rows.map((row) => [
      row.id,
      { state: row.state, step: row.step, isAsked: row.cancel_requested_at !== null, isActive: row.run_id !== null },
    ]);
    expect(Object.fromEntries(shown)).to.deep.equal({
      [waiting]: { state: 'CANCELLED', step: 'CANCELLED', isAsked: true, isActive: false },
      [running]: { state: 'RUNNING', step: 'PENDING', isAsked: true, isActive: true },
      [ended]: { state: 'SUCCEEDED', step: 'PENDING', isAsked: false, isActive: false },
      [other]: { state: 'QUEUED', step: 'PENDING', isAsked: false, isActive: true },
    });
    const events = await recordedEvents(team);
    expect(events.filter(({ type }) => type === 'workflow.deleted').map(({ details }) => details)).to.deep.equal([
      { version: 1, cancelledRuns: 2 },
    ]);
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
