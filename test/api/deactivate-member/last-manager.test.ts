import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import {
  bodyOf,
  keysWithoutManager,
  organizationWithoutAdministrator,
  unchangedMembership,
} from '../../support/membership.js';
import { deactivateMember, reactivateMember, setMemberRole } from '../../support/membership-operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('deactivateMember that would leave nobody to manage', () => {
  it('the organization is refused, also when another administrator is deactivated', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    await alice.data(setMemberRole, { input: { id: bob.id, role: 'ADMIN' } });
    await alice.data(deactivateMember, { input: { id: bob.id } });
    const input = { id: alice.id };
    const answer = await unchangedMembership(team, () => alice.ask(deactivateMember, { input }));
    expect(bodyOf(answer)).to.deep.equal(organizationWithoutAdministrator('deactivateMember'));
    await alice.data(reactivateMember, { input: { id: bob.id } });
    await alice.data(deactivateMember, { input });
  });

  it('keys is refused, and names them by name', async () => {
    const team = await newTeam();
    const { alice, bob, carol, growth } = team;
    const second = await createKey(bob, { name: 'Second' });
    const first = await createKey(bob, { name: 'first', grants: [{ granteeId: growth, permission: 'MANAGE' }] });
    await createKey(bob, { grants: [{ granteeId: carol.id, permission: 'MANAGE' }] });
    const answer = await unchangedMembership(team, () => alice.ask(deactivateMember, { input: { id: bob.id } }));
    expect(bodyOf(answer)).to.deep.equal(
      keysWithoutManager('deactivateMember', [
        { id: first, name: 'first' },
        { id: second, name: 'Second' },
      ]),
    );
  });
});
