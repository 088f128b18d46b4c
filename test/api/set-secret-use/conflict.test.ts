import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { setSecretUse } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('setSecretUse from a revision that is not the current one', () => {
  it('is a CONFLICT, and the terms of use stay as they are', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    await team.bob.data(setSecretUse, { input: { id, expectedAccessRevision: 1 } });
    for (const expectedAccessRevision of [1, 3, 0]) {
      const input = { id, allowsAnyHost: true, expectedAccessRevision };
      expect(await unchanged(team, () => team.bob.refusal(setSecretUse, { input }))).to.deep.equal({
        code: 'CONFLICT',
      });
    }
  });
});
