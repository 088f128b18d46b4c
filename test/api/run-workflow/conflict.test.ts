import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { refusalAnswer } from '../../support/refusals.js';
import { bodyOf, runWorkflow, stepWithCode, unchangedRuns } from '../../support/runs.js';
import { createKey } from '../../support/secret-keys.js';
import { createWorkflow, requestInput } from '../../support/workflows.js';

describe('runWorkflow of what cannot run', () => {
  it('starts nothing while the workflow is not active', async () => {
    const team = await newTeam();
    const { id: workflowId } = await createWorkflow(team.bob, [stepWithCode()], { activate: false });
    const answer = await unchangedRuns(team, () => team.bob.ask(runWorkflow, { input: { workflowId } }));
    expect(bodyOf(answer)).to.deep.equal(refusalAnswer('runWorkflow', 'CONFLICT', 'The workflow is not active.'));
  });

  it('starts nothing with a key that has expired, and names it', async () => {
    const team = await newTeam();
    const { api, organizationId, carol } = team;
    const key = await createKey(carol);
    const { id: workflowId } = await createWorkflow(carol, [requestInput({}, key)]);
    await api.services.database.transaction((tx) =>
      tx.query('UPDATE secret_key SET expires_at = ? WHERE organization_id = ? AND id = ?', [
        Date.now() - 1,
        organizationId,
        key,
      ]),
    );
    const answer = await unchangedRuns(team, () => carol.ask(runWorkflow, { input: { workflowId } }));
    expect(bodyOf(answer)).to.deep.equal({
      errors: [
        {
          message: 'A key in the steps has expired.',
          path: ['runWorkflow'],
          extensions: { code: 'CONFLICT', secretKeys: [key], otherSecretKeyCount: 0 },
        },
      ],
      data: null,
    });
  });
});
