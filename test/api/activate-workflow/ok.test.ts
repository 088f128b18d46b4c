import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { recordedEvents, unchanged } from '../../support/stored.js';
import { activateWorkflow, workflowById } from '../../support/workflow-operations.js';
import { makeWorkflow } from '../../support/workflows.js';

describe('activateWorkflow', () => {
  it('changes the state for any member, records it once, and does nothing again', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const id = await makeWorkflow(bob, { activate: false });
    const { workflow: before } = await carol.data(workflowById, { id });
    const { activateWorkflow: outcome } = await carol.data(activateWorkflow, { input: { id } });
    expect([before.state, outcome]).to.deep.equal([
      'INACTIVE',
      {
        workflow: {
          ...before,
          state: 'ACTIVE',
          updatedBy: { id: carol.id, kind: 'PERSON', name: 'Carol' },
          updatedAt: outcome.workflow.updatedAt,
        },
        warnings: [],
      },
    ]);
    expect(await unchanged(team, () => carol.data(activateWorkflow, { input: { id } }))).to.deep.equal({
      activateWorkflow: outcome,
    });
    expect((await recordedEvents(team)).map(({ type }) => type)).to.deep.equal([
      'workflow.created',
      'workflow.activated',
    ]);
  });
});
