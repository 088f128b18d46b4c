import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { previewSetSecretAccess, setSecretAccess } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('previewSetSecretAccess with bad input', () => {
  it('refuses what setSecretAccess refuses, in the same words', async () => {
    const team = await newTeam();
    const { bob, carol, stranger } = team;
    const id = await createKey(bob);
    const use = (granteeId: string) => ({ granteeId, permission: 'USE' });
    const inputs = [
      { id, level: 'TEAM', grants: [use(stranger.id), use(carol.id), use(carol.id)] },
      { id, level: 'TEAM', grants: Array.from({ length: 501 }, () => use(carol.id)) },
      { id, level: 'OPEN' },
      { id },
    ];
    for (const input of inputs) {
      const [previewed, set] = await unchanged(team, () =>
        Promise.all([previewSetSecretAccess, setSecretAccess].map((operation) => bob.refusal(operation, { input }))),
      );
      expect(previewed?.code).to.equal('BAD_USER_INPUT');
      expect(previewed).to.deep.equal(set);
    }
  });
});
