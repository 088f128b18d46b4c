import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { renameSecretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('renameSecretKey to a name that is taken', () => {
  it('answers alike whether the caller may see the key that has the name or not, and changes nothing', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    await createKey(bob, { name: 'Seen' });
    await createKey(carol, { name: 'Unseen' });
    const id = await createKey(bob);
    const ask = (name: string) => unchanged(team, () => bob.ask(renameSecretKey, { input: { id, name } }));
    const [seen, unseen] = [await ask('SEEN'), await ask(' unseen')];
    expect([seen.status, seen.text]).to.deep.equal([unseen.status, unseen.text]);
    expect(seen.errors?.map(({ message, extensions }) => ({ message, ...extensions }))).to.deep.equal([
      { message: 'A key with this name exists in the organization.', code: 'CONFLICT' },
    ]);
  });
});
