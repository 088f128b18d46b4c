import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { basicGroup, makeGroup, makeMember, usualGroups } from '../../support/membership.js';
import { deactivateMember, groupById, groupMembers } from '../../support/membership-operations.js';

interface Named {
  readonly name: string;
}

describe('group', () => {
  it('shows everything to administrators and auditors, and who is in it to its members alone', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot, growth } = team;
    const whole = (await usualGroups(team)).growth;
    for (const client of [alice, dave]) {
      expect(await client.data(groupById, { id: growth })).to.deep.equal({ group: whole });
    }
    expect(await bob.data(groupById, { id: growth })).to.deep.equal({
      group: { ...basicGroup(whole), members: whole.members },
    });
    for (const client of [carol, deployBot]) {
      expect(await client.data(groupById, { id: growth })).to.deep.equal({ group: basicGroup(whole) });
    }
  });

  it('pages through its members by name in both directions, the deactivated ones included, and counts them', async () => {
    const { alice } = await newTeam();
    const people = [];
    for (const name of ['Uma', 'olaf', 'Mia', 'Max', 'Uma']) people.push(await makeMember(alice, name));
    const [uma] = people;
    const id = await makeGroup(alice, people);
    await alice.data(deactivateMember, { input: { id: uma?.id } });
    const read = async (variables: Record<string, unknown>) =>
      (await alice.data(groupMembers, { id, ...variables })).group.members;
    const all = await read({});
    expect(all.nodes.map(({ name }: Named) => name)).to.deep.equal(['Max', 'Mia', 'olaf', 'Uma', 'Uma']);
    expect([all.totalCount, all.totalCountIsCapped]).to.deep.equal([5, false]);
    const forward = await read({ first: 4 });
    const rest = await read({ first: 4, after: forward.pageInfo.endCursor });
    const backward = await read({ last: 4 });
    const start = await read({ last: 4, before: backward.pageInfo.startCursor });
    expect([...forward.nodes, ...rest.nodes]).to.deep.equal(all.nodes);
    expect([...start.nodes, ...backward.nodes]).to.deep.equal(all.nodes);
    const ends = [forward, rest, start, backward].map(({ pageInfo, totalCount }) => [
      pageInfo.hasPreviousPage,
      pageInfo.hasNextPage,
      totalCount,
    ]);
    expect(ends).to.deep.equal([
      [false, true, 5],
      [true, false, 5],
      [false, true, 5],
      [true, false, 5],
    ]);
  });
});
