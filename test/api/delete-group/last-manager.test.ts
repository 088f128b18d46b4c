import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, keysWithoutManager, unchangedMembership } from '../../support/membership.js';
import { deleteGroup } from '../../support/membership-operations.js';
import { setSecretAccess } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('deleteGroup that would leave nobody to manage a key', () => {
  it('is refused, and names the key', async () => {
    const team = await newTeam();
    const { alice, bob, growth } = team;
    const id = await createKey(bob, { name: 'Payments' });
    const grants = [{ granteeId: growth, permission: 'MANAGE' }];
    await bob.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants } });
    const answer = await unchangedMembership(team, () => alice.ask(deleteGroup, { input: { id: growth } }));
    expect(bodyOf(answer)).to.deep.equal(keysWithoutManager('deleteGroup', [{ id, name: 'Payments' }]));
  });
});
