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

  it('starts nothing with a key that has expired or is gone, which is named only to those who may see it', async () => {
    const team = await newTeam();
    const { api, organizationId, bob, carol } = team;
    const conflict = (secretKeys: readonly string[], otherSecretKeyCount: number) => ({
      errors: [
        {
          message: 'A key in the steps was deleted or has expired.',
          path: ['runWorkflow'],
          extensions: { code: 'CONFLICT', secretKeys, otherSecretKeyCount },
        },
      ],
      data: null,
    });
    for (const [column, seenByOwner] of [
      ['expires_at', true],
      ['deleted_at', false],
    ] as const) {
      const key = await createKey(carol);
      const { id: workflowId } = await createWorkflow(carol, [requestInput({}, key)]);
      await api.services.database.transaction((tx) =>
        tx.query(`UPDATE secret_key SET ${column} = ? WHERE organization_id = ? AND id = ?`, [
          Date.now() - 1,
          organizationId,
          key,
        ]),
      );
      const run = async (caller: typeof bob) =>
        bodyOf(await unchangedRuns(team, () => caller.ask(runWorkflow, { input: { workflowId } })));
      expect(await run(bob)).to.deep.equal(conflict([], 1));
      expect(await run(carol)).to.deep.equal(seenByOwner ? conflict([key], 0) : conflict([], 1));
    }
  });
});
