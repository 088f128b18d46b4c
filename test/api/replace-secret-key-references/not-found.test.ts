import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';
import { replaceSecretKeyReferences } from '../../support/workflow-operations.js';

describe('replaceSecretKeyReferences of a key that is not there', () => {
  it('is NOT_FOUND for an absent, hidden, foreign and malformed one in either place', async () => {
    const team = await newTeam();
    const { bob, carol, stranger } = team;
    const own = await createKey(bob);
    for (const id of [newId(), await createKey(carol), await createKey(stranger), 'not-an-id']) {
      for (const input of [
        { from: id, to: own },
        { from: own, to: id },
      ]) {
        expect(await unchanged(team, () => bob.refusal(replaceSecretKeyReferences, { input }))).to.deep.equal({
          code: 'NOT_FOUND',
        });
      }
    }
  });
});
