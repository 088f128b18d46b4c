import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, isSignedIn, unchangedMembership, usualMembers } from '../../support/membership.js';
import { deactivateMember, reactivateMember } from '../../support/membership-operations.js';
import { secretKeys } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('reactivateMember', () => {
  it('lets the member in on the next request, with the role, groups and grants that they had', async () => {
    const team = await newTeam();
    const { alice, bob, carol, growth } = team;
    await createKey(carol, { name: 'Direct', grants: [{ granteeId: bob.id, permission: 'USE' }] });
    await createKey(carol, { name: 'Through Growth', grants: [{ granteeId: growth, permission: 'USE' }] });
    const { secretKeys: before } = await bob.data(secretKeys);
    expect(before.totalCount).to.equal(2);
    await alice.data(deactivateMember, { input: { id: bob.id } });
    expect(await isSignedIn(bob)).to.equal(false);
    const started = Date.now();
    const { reactivateMember: back } = await alice.data(reactivateMember, { input: { id: bob.id } });
    const { updatedAt } = back.member;
    expect(back).to.deep.equal({
      member: { ...(await usualMembers(team)).bob, updatedAt: instantSince(started, updatedAt) },
    });
    expect(await bob.data(secretKeys)).to.deep.equal({ secretKeys: before });
  });

  it('writes nothing when the member is active', async () => {
    const team = await newTeam();
    const member = (await usualMembers(team)).bob;
    const input = { id: team.bob.id };
    expect(await unchangedMembership(team, () => team.alice.data(reactivateMember, { input }))).to.deep.equal({
      reactivateMember: { member },
    });
  });
});
