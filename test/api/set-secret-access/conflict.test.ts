import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { setSecretAccess, setSecretUse } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('setSecretAccess from a revision that is not the current one', () => {
  it('is a CONFLICT, and access stays as it is', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    await bob.data(setSecretAccess, { input: { id, level: 'TEAM', expectedAccessRevision: 1 } });
    await bob.data(setSecretUse, { input: { id, allowedHosts: ['api.example.com'], expectedAccessRevision: 2 } });
    for (const expectedAccessRevision of [1, 2, 4, 0]) {
      const input = { id, level: 'RESTRICTED', expectedAccessRevision };
      expect(await unchanged(team, () => bob.refusal(setSecretAccess, { input }))).to.deep.equal({ code: 'CONFLICT' });
    }
  });
});
