import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { basicMember, usualMembers } from '../../support/membership.js';
import { memberById } from '../../support/membership-operations.js';

describe('member', () => {
  it('shows everything to administrators, auditors and the member, and a name and an address to everyone else', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot } = team;
    const whole = (await usualMembers(team)).carol;
    for (const client of [alice, carol, dave]) {
      expect(await client.data(memberById, { id: carol.id })).to.deep.equal({ member: whole });
    }
    for (const client of [bob, deployBot]) {
      expect(await client.data(memberById, { id: carol.id })).to.deep.equal({ member: basicMember(whole) });
    }
  });

  it('shows a member no more of others through the groups that they share', async () => {
    const { alice, carol, platform } = await newTeam();
    const { member } = await carol.data(
      'query ($id: ID!) { member(id: $id) { groups { id description members(first: 2) { nodes { name role groups { id } identities { subject } } } } } }',
      { id: carol.id },
    );
    const [seen] = member.groups;
    expect(member.groups).to.have.lengthOf(1);
    expect({ ...seen, members: seen.members.nodes[0] }).to.deep.equal({
      id: platform,
      description: null,
      members: { name: alice.name, role: null, groups: null, identities: null },
    });
  });
});
