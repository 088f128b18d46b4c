import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, unchangedMembership, usualMembers } from '../../support/membership.js';
import { memberById, members, updateMember } from '../../support/membership-operations.js';

describe('updateMember', () => {
  it('changes a name and an address, each alone, and removes an address with null or the empty text', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    let expected: object = (await usualMembers(team)).bob;
    const changes: readonly (readonly [change: object, result: object])[] = [
      [{ name: ' Robert ' }, { name: 'Robert' }],
      [{ email: 'Robert@Team.example' }, { email: 'Robert@Team.example' }],
      [{ email: null }, { email: null }],
      [
        { name: 'Alice', email: 'alice@team.example' },
        { name: 'Alice', email: 'alice@team.example' },
      ],
      [{ name: null, email: ' ' }, { email: null }],
    ];
    for (const [change, result] of changes) {
      const started = Date.now();
      const { updateMember: updated } = await alice.data(updateMember, { input: { id: bob.id, ...change } });
      expected = { ...expected, ...result, updatedAt: instantSince(started, updated.member.updatedAt) };
      expect(updated).to.deep.equal({ member: expected });
      expect(await bob.data(memberById, { id: bob.id })).to.deep.equal(updated);
    }
  });

  it('writes nothing when everything is the same already', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const expected = (await usualMembers(team)).bob;
    for (const change of [{}, { name: 'Bob' }, { name: ' Bob ', email: 'bob@team.example' }]) {
      const input = { id: bob.id, ...change };
      expect(await unchangedMembership(team, () => alice.data(updateMember, { input }))).to.deep.equal({
        updateMember: { member: expected },
      });
    }
  });

  it('shows the new name to everyone, in its new place', async () => {
    const { alice, bob, carol, deployBot } = await newTeam();
    await alice.data(updateMember, { input: { id: bob.id, name: 'Zoe' } });
    for (const client of [bob, carol, deployBot]) {
      const { members: page } = await client.data(members);
      expect(page.nodes.map(({ name }: { name: string }) => name)).to.deep.equal(['Alice', 'Carol', 'Dave', 'Zoe']);
    }
    expect(await bob.data('{ viewer { name } }')).to.deep.equal({ viewer: { name: 'Zoe' } });
  });
});
