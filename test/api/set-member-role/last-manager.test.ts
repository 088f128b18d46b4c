import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import {
  bodyOf,
  keysWithoutManager,
  organizationWithoutAdministrator,
  unchangedMembership,
} from '../../support/membership.js';
import { setMemberRole } from '../../support/membership-operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('setMemberRole that would leave nobody to manage', () => {
  it('the organization is refused', async () => {
    const team = await newTeam();
    const { alice } = team;
    for (const role of ['MEMBER', 'AUDITOR']) {
      const input = { id: alice.id, role };
      const answer = await unchangedMembership(team, () => alice.ask(setMemberRole, { input }));
      expect(bodyOf(answer)).to.deep.equal(organizationWithoutAdministrator('setMemberRole'));
    }
  });

  it('a key is refused, and names the key; a role that may manage keys is given', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const id = await createKey(bob, { name: 'Payments' });
    const answer = await unchangedMembership(team, () =>
      alice.ask(setMemberRole, { input: { id: bob.id, role: 'AUDITOR' } }),
    );
    expect(bodyOf(answer)).to.deep.equal(keysWithoutManager('setMemberRole', [{ id, name: 'Payments' }]));
    await alice.data(setMemberRole, { input: { id: bob.id, role: 'ADMIN' } });
  });
});
