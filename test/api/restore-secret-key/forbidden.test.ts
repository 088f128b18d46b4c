import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { restoreSecretKey } from '../../support/operations.js';
import { createKey, deleteKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('restoreSecretKey without Manage', () => {
  it('is FORBIDDEN, and restores nothing, to whoever could only use or check the key', async () => {
    const team = await newTeam();
    const { bob, carol, dave, deployBot, growth } = team;
    const restricted = await createKey(carol, { grants: [{ granteeId: growth, permission: 'USE' }] });
    const shared = await createKey(carol, { level: 'TEAM' });
    await deleteKey(carol, restricted);
    await deleteKey(carol, shared);
    for (const [caller, id] of [
      [bob, restricted],
      [dave, restricted],
      [deployBot, shared],
    ] as const) {
      const refusal = await unchanged(team, () => caller.refusal(restoreSecretKey, { input: { id } }));
      expect(refusal).to.deep.equal({ code: 'FORBIDDEN' });
    }
  });
});
