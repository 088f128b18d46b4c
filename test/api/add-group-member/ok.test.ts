import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { unchangedMembership, usualGroups, usualMembers } from '../../support/membership.js';
import { addGroupMember, deactivateMember, groupById, memberById } from '../../support/membership-operations.js';
import { renameSecretKey, secretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('addGroupMember', () => {
  it('puts a member into a group, as both then show, and writes nothing when they are in it', async () => {
    const team = await newTeam();
    const { alice, bob, carol, growth, platform } = team;
    const input = { groupId: growth, memberId: carol.id };
    const { addGroupMember: added } = await alice.data(addGroupMember, { input });
    const nodes = [
      { id: bob.id, name: 'Bob', role: 'MEMBER' },
      { id: carol.id, name: 'Carol', role: 'MEMBER' },
    ];
    const groups = [
      { id: growth, name: 'Growth' },
      { id: platform, name: 'Platform' },
    ];
    const usual = { group: (await usualGroups(team)).growth, member: (await usualMembers(team)).carol };
    expect(added).to.deep.equal({
      group: { ...usual.group, memberCount: 2, members: { nodes, totalCount: 2 } },
      member: { ...usual.member, groups },
    });
    expect(await alice.data(groupById, { id: growth })).to.deep.equal({ group: added.group });
    expect(await alice.data(memberById, { id: carol.id })).to.deep.equal({ member: added.member });
    expect(await unchangedMembership(team, () => alice.data(addGroupMember, { input }))).to.deep.equal({
      addGroupMember: added,
    });
  });

  it('opens the keys of the group to the member on the next request, and who else is in it', async () => {
    const { alice, bob, carol, growth } = await newTeam();
    const id = await createKey(bob, { grants: [{ granteeId: growth, permission: 'MANAGE' }] });
    expect(await carol.data(secretKey, { id })).to.deep.equal({ secretKey: null });
    await alice.data(addGroupMember, { input: { groupId: growth, memberId: carol.id } });
    await carol.data(renameSecretKey, { input: { id, name: 'By Carol' } });
    expect((await carol.data(secretKey, { id })).secretKey.name).to.equal('By Carol');
    const { group } = await carol.data(groupById, { id: growth });
    expect(group.members.nodes.map(({ name }: { name: string }) => name)).to.deep.equal(['Bob', 'Carol']);
  });

  it('takes a deactivated member too, for their return', async () => {
    const { alice, bob, carol, growth } = await newTeam();
    await alice.data(deactivateMember, { input: { id: carol.id } });
    const input = { groupId: growth, memberId: carol.id };
    const { addGroupMember: added } = await alice.data(addGroupMember, { input });
    expect([added.member.state, added.group.memberCount]).to.deep.equal(['DEACTIVATED', 2]);
    expect((await bob.data(groupById, { id: growth })).group.memberCount).to.equal(2);
  });
});
