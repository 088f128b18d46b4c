import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, isSignedIn, unchangedMembership, usualMembers } from '../../support/membership.js';
import { deactivateMember, groupById, memberById } from '../../support/membership-operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('deactivateMember', () => {
  it('keeps the role and the groups, and writes nothing when it was done before', async () => {
    const team = await newTeam();
    const { alice, bob, growth } = team;
    const started = Date.now();
    const input = { id: bob.id };
    const { deactivateMember: gone } = await alice.data(deactivateMember, { input });
    expect(gone).to.deep.equal({
      member: {
        ...(await usualMembers(team)).bob,
        state: 'DEACTIVATED',
        updatedAt: instantSince(started, gone.member.updatedAt),
      },
    });
    expect(await alice.data(memberById, { id: bob.id })).to.deep.equal(gone);
    const { group } = await alice.data(groupById, { id: growth });
    expect([group.memberCount, group.members.nodes]).to.deep.equal([1, [{ id: bob.id, name: 'Bob', role: 'MEMBER' }]]);
    expect(await unchangedMembership(team, () => alice.data(deactivateMember, { input }))).to.deep.equal({
      deactivateMember: gone,
    });
  });

  it('turns the member away on the next request, with the words for somebody who never was one', async () => {
    const { alice, bob, carol } = await newTeam();
    await createKey(carol, { grants: [{ granteeId: bob.id, permission: 'MANAGE' }] });
    expect(await isSignedIn(bob)).to.equal(true);
    await alice.data(deactivateMember, { input: { id: bob.id } });
    const { status, text } = await bob.ask('{ viewer { id } secretKeys { nodes { id } } }');
    expect([status, JSON.parse(text)]).to.deep.equal([
      401,
      {
        errors: [
          {
            message: 'Your account is not an active member of an organization here.',
            extensions: { code: 'UNAUTHENTICATED' },
          },
        ],
      },
    ]);
    expect(await isSignedIn(carol)).to.equal(true);
  });
});
