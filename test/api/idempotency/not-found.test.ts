import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { renameSecretKey, setSecretAccess } from '../../support/operations.js';
import { createKey, deleteKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('a repeated request about a key that the caller no longer sees', () => {
  it('is NOT_FOUND once access was taken away', async () => {
    const team = await newTeam();
    const { alice, bob, carol } = team;
    const id = await createKey(bob);
    const input = { id, name: 'Payments', clientMutationId: 'a-key' };
    await bob.data(renameSecretKey, { input });
    const grants = [{ granteeId: carol.id, permission: 'MANAGE' }];
    await alice.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants } });
    expect(await unchanged(team, () => bob.refusal(renameSecretKey, { input }))).to.deep.equal({ code: 'NOT_FOUND' });
  });

  it('is NOT_FOUND once the key was deleted', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    const input = { id, name: 'Payments', clientMutationId: 'a-key' };
    await bob.data(renameSecretKey, { input });
    await deleteKey(bob, id);
    expect(await unchanged(team, () => bob.refusal(renameSecretKey, { input }))).to.deep.equal({ code: 'NOT_FOUND' });
  });

  it('answers as the first time when that showed no key', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const id = await createKey(bob);
    const grants = [{ granteeId: carol.id, permission: 'MANAGE' }];
    const input = { id, level: 'RESTRICTED', grants, clientMutationId: 'a-key' };
    const answer = { setSecretAccess: { secretKey: null, warnings: [] } };
    expect(await bob.data(setSecretAccess, { input })).to.deep.equal(answer);
    expect(await unchanged(team, () => bob.data(setSecretAccess, { input }))).to.deep.equal(answer);
  });
});
