import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, keysWithoutManager, unchangedMembership } from '../../support/membership.js';
import { addGroupMember, removeGroupMember } from '../../support/membership-operations.js';
import { setSecretAccess } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('removeGroupMember that would leave nobody to manage a key', () => {
  it('is refused, and names the key, until somebody else is in the group', async () => {
    const team = await newTeam();
    const { alice, bob, carol, growth } = team;
    const id = await createKey(bob, { name: 'Payments' });
    const grants = [{ granteeId: growth, permission: 'MANAGE' }];
    await bob.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants } });
    const input = { groupId: growth, memberId: bob.id };
    const answer = await unchangedMembership(team, () => alice.ask(removeGroupMember, { input }));
    expect(bodyOf(answer)).to.deep.equal(keysWithoutManager('removeGroupMember', [{ id, name: 'Payments' }]));
    await alice.data(addGroupMember, { input: { groupId: growth, memberId: carol.id } });
    await alice.data(removeGroupMember, { input });
  });
});
