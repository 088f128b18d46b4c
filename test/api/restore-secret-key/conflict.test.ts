import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { restoreSecretKey, secretKey } from '../../support/operations.js';
import { createKey, deleteKey, uniqueName } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('restoreSecretKey when the name was taken meanwhile', () => {
  it('is a CONFLICT, also with a hidden key, until another name is given', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const name = uniqueName();
    const id = await createKey(bob, { name });
    await deleteKey(bob, id);
    await createKey(carol, { name: name.toUpperCase() });
    for (const input of [{ id }, { id, name }, { id, name: ` ${name.toUpperCase()}` }]) {
      expect(await unchanged(team, () => bob.refusal(restoreSecretKey, { input }))).to.deep.equal({ code: 'CONFLICT' });
    }
    const other = uniqueName();
    await bob.data(restoreSecretKey, { input: { id, name: other } });
    expect((await bob.data(secretKey, { id })).secretKey.name).to.equal(other);
  });
});
