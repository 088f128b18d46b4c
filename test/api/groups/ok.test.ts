import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { basicGroup, itPagesBothWays, makeGroup, searchesOf, usualGroups } from '../../support/membership.js';
import { deleteGroup, groups } from '../../support/membership-operations.js';
import { addGroups } from '../../support/people.js';

describe('groups', () => {
  it('shows administrators and auditors everything about every group, and none of another organization', async () => {
    const team = await newTeam();
    await makeGroup(team.stranger);
    const { growth, platform } = await usualGroups(team);
    for (const client of [team.alice, team.dave]) {
      const { groups: page } = await client.data(groups);
      expect(page).to.deep.equal({
        nodes: [growth, platform],
        pageInfo: { ...page.pageInfo, hasNextPage: false, hasPreviousPage: false },
        totalCount: 2,
        totalCountIsCapped: false,
      });
    }
  });

  it('shows a member how many are in a group, and who in their own, without roles', async () => {
    const team = await newTeam();
    const { growth, platform } = await usualGroups(team);
    const { alice, bob, carol } = team;
    const { groups: bobs } = await bob.data(groups);
    expect(bobs.nodes).to.deep.equal([
      { ...basicGroup(growth), members: { nodes: [{ id: bob.id, name: 'Bob', role: 'MEMBER' }], totalCount: 1 } },
      basicGroup(platform),
    ]);
    const { groups: carols } = await carol.data(groups);
    const nodes = [
      { id: alice.id, name: 'Alice', role: null },
      { id: carol.id, name: 'Carol', role: 'MEMBER' },
    ];
    expect(carols.nodes).to.deep.equal([
      basicGroup(growth),
      { ...basicGroup(platform), members: { nodes, totalCount: 2 } },
    ]);
  });

  it('shows a service account how many are in a group', async () => {
    const team = await newTeam();
    const { groups: page } = await team.deployBot.data(groups);
    expect(page.nodes).to.deep.equal(Object.values(await usualGroups(team)).map(basicGroup));
  });

  it('finds part of a name in any case, with no character of special meaning, and no deleted group', async () => {
    const { alice, bob } = await newTeam();
    await makeGroup(alice, [], 'On_call 100%');
    const gone = await makeGroup(alice, [], 'Growth of old');
    await alice.data(deleteGroup, { input: { id: gone } });
    const found = {
      ROW: ['Growth'],
      ' on_CALL ': ['On_call 100%'],
      _: ['On_call 100%'],
      '%': ['On_call 100%'],
      '!': [],
      '': ['Growth', 'On_call 100%', 'Platform'],
      Bob: [],
    };
    expect(await searchesOf(bob, 'groups', groups, Object.keys(found))).to.deep.equal(found);
  });

  itPagesBothWays('groups', groups, 2, (team, count) => addGroups(team, count, []));
});
