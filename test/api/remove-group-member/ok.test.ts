import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { unchangedMembership, usualGroups, usualMembers } from '../../support/membership.js';
import { groupById, memberById, removeGroupMember } from '../../support/membership-operations.js';
import { renameSecretKey, secretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('removeGroupMember', () => {
  it('takes a member out of a group, as both then show, and writes nothing when they are not in it', async () => {
    const team = await newTeam();
    const { alice, carol, platform } = team;
    const input = { groupId: platform, memberId: carol.id };
    const { removeGroupMember: removed } = await alice.data(removeGroupMember, { input });
    const usual = { group: (await usualGroups(team)).platform, member: (await usualMembers(team)).carol };
    const nodes = [{ id: alice.id, name: 'Alice', role: 'ADMIN' }];
    expect(removed).to.deep.equal({
      group: { ...usual.group, memberCount: 1, members: { nodes, totalCount: 1 } },
      member: { ...usual.member, groups: [] },
    });
    expect(await alice.data(groupById, { id: platform })).to.deep.equal({ group: removed.group });
    expect(await alice.data(memberById, { id: carol.id })).to.deep.equal({ member: removed.member });
    expect(await unchangedMembership(team, () => alice.data(removeGroupMember, { input }))).to.deep.equal({
      removeGroupMember: removed,
    });
  });

  it('closes the keys of the group to the member on the next request, but not those shared with them', async () => {
    const { alice, bob, carol, growth } = await newTeam();
    const throughGroup = { granteeId: growth, permission: 'MANAGE' } as const;
    const id = await createKey(carol, { grants: [throughGroup] });
    const own = await createKey(carol, { grants: [throughGroup, { granteeId: bob.id, permission: 'USE' }] });
    await bob.data(renameSecretKey, { input: { id, name: 'By Bob' } });
    await alice.data(removeGroupMember, { input: { groupId: growth, memberId: bob.id } });
    expect(await bob.refusal(renameSecretKey, { input: { id, name: 'Again' } })).to.deep.equal({ code: 'NOT_FOUND' });
    expect(await bob.data(secretKey, { id })).to.deep.equal({ secretKey: null });
    expect(await bob.refusal(renameSecretKey, { input: { id: own, name: 'Again' } })).to.deep.equal({
      code: 'FORBIDDEN',
    });
    expect((await bob.data(secretKey, { id: own })).secretKey.viewerCan).to.deep.equal(['USE', 'USE_RAW']);
    expect((await bob.data(groupById, { id: growth })).group.members).to.equal(null);
  });
});
