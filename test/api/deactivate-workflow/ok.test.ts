import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { recordedEvents, unchanged } from '../../support/stored.js';
import { deactivateWorkflow, workflowById } from '../../support/workflow-operations.js';
import { makeWorkflow } from '../../support/workflows.js';

describe('deactivateWorkflow', () => {
  it('changes the state for any member, records it once, and does nothing again', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const id = await makeWorkflow(bob, { activate: true });
    const { workflow: before } = await carol.data(workflowById, { id });
    const { deactivateWorkflow: outcome } = await carol.data(deactivateWorkflow, { input: { id } });
    expect([before.state, outcome]).to.deep.equal([
      'ACTIVE',
      {
        workflow: {
          ...before,
          state: 'INACTIVE',
          updatedBy: { id: carol.id, kind: 'PERSON', name: 'Carol' },
          updatedAt: outcome.workflow.updatedAt,
        },
        warnings: [],
      },
    ]);
    expect(await unchanged(team, () => carol.data(deactivateWorkflow, { input: { id } }))).to.deep.equal({
      deactivateWorkflow: outcome,
    });
    expect((await recordedEvents(team)).map(({ type }) => type)).to.deep.equal([
      'workflow.created',
      'workflow.deactivated',
    ]);
  });
});
