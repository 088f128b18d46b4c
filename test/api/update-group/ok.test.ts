import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, unchangedMembership, usualGroups } from '../../support/membership.js';
import { groupById, groups, updateGroup } from '../../support/membership-operations.js';

describe('updateGroup', () => {
  it('changes a name and a description, each alone, and removes a description with null or the empty text', async () => {
    const team = await newTeam();
    const { alice, growth: id } = team;
    let expected: object = (await usualGroups(team)).growth;
    const changes: readonly (readonly [change: object, result: object])[] = [
      [{ description: 'Grows.' }, { description: 'Grows.' }],
      [{ name: ' GROWTH ' }, { name: 'GROWTH' }],
      [{ name: null, description: null }, { description: null }],
      [
        { name: 'Sales', description: 'Sells.' },
        { name: 'Sales', description: 'Sells.' },
      ],
      [{ description: '' }, { description: null }],
    ];
    for (const [change, result] of changes) {
      const started = Date.now();
      const { updateGroup: updated } = await alice.data(updateGroup, { input: { id, ...change } });
      expected = { ...expected, ...result, updatedAt: instantSince(started, updated.group.updatedAt) };
      expect(updated).to.deep.equal({ group: expected });
      expect(await alice.data(groupById, { id })).to.deep.equal(updated);
    }
  });

  it('writes nothing when everything is the same already', async () => {
    const team = await newTeam();
    const group = (await usualGroups(team)).growth;
    for (const change of [{}, { name: 'Growth' }, { name: ' Growth', description: null }]) {
      const input = { id: team.growth, ...change };
      expect(await unchangedMembership(team, () => team.alice.data(updateGroup, { input }))).to.deep.equal({
        updateGroup: { group },
      });
    }
  });

  it('shows the new name to everyone, in its new place', async () => {
    const { alice, bob, deployBot, growth } = await newTeam();
    await alice.data(updateGroup, { input: { id: growth, name: 'Sales' } });
    for (const client of [bob, deployBot]) {
      const { groups: page } = await client.data(groups);
      expect(page.nodes.map(({ name }: { name: string }) => name)).to.deep.equal(['Platform', 'Sales']);
    }
    expect(await bob.data('{ viewer { groups { name } } }')).to.deep.equal({ viewer: { groups: [{ name: 'Sales' }] } });
  });
});
