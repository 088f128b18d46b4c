import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { previewSetSecretAccess, setSecretAccess } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('previewSetSecretAccess from a revision that is not the current one', () => {
  it('is a CONFLICT, as setSecretAccess would be, also when nobody would be left to manage', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    for (const grants of [undefined, []]) {
      for (const operation of [previewSetSecretAccess, setSecretAccess]) {
        const input = { id, level: 'TEAM', grants, expectedAccessRevision: 2 };
        expect(await unchanged(team, () => team.bob.refusal(operation, { input }))).to.deep.equal({ code: 'CONFLICT' });
      }
    }
  });
});
