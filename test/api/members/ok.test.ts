import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { addPeople, basicMember, itPagesBothWays, searchesOf, usualMembers } from '../../support/membership.js';
import { deactivateMember, members, updateMember } from '../../support/membership-operations.js';

const namesOf = (page: { nodes: readonly { name: string }[] }) => page.nodes.map(({ name }) => name);

describe('members', () => {
  it('shows administrators and auditors everything about everybody, and nobody of another organization', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave } = await usualMembers(team);
    for (const client of [team.alice, team.dave]) {
      const { members: page } = await client.data(members);
      expect(page).to.deep.equal({
        nodes: [alice, bob, carol, dave],
        pageInfo: { ...page.pageInfo, hasNextPage: false, hasPreviousPage: false },
        totalCount: 4,
        totalCountIsCapped: false,
      });
    }
  });

  it('shows a member names and addresses, and everything about themselves alone', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave } = await usualMembers(team);
    const { members: page } = await team.bob.data(members);
    expect(page.nodes).to.deep.equal([basicMember(alice), bob, basicMember(carol), basicMember(dave)]);
  });

  it('shows a service account names and addresses', async () => {
    const team = await newTeam();
    const { members: page } = await team.deployBot.data(members);
    expect(page.nodes).to.deep.equal(Object.values(await usualMembers(team)).map(basicMember));
    expect(page.totalCount).to.equal(4);
  });

  it('lists the deactivated ones too, and narrows by role and state, all of which must hold', async () => {
    const { alice, bob, carol, dave } = await newTeam();
    await alice.data(deactivateMember, { input: { id: carol.id } });
    expect(namesOf((await bob.data(members)).members)).to.deep.equal(['Alice', 'Bob', 'Carol', 'Dave']);
    const cases: readonly (readonly [filter: Record<string, unknown>, names: readonly string[]])[] = [
      [{ role: 'ADMIN' }, ['Alice']],
      [{ role: 'MEMBER' }, ['Bob', 'Carol']],
      [{ state: 'ACTIVE' }, ['Alice', 'Bob', 'Dave']],
      [{ state: 'DEACTIVATED' }, ['Carol']],
      [{ role: 'MEMBER', state: 'ACTIVE' }, ['Bob']],
      [{ role: 'MEMBER', state: 'DEACTIVATED', search: 'bob' }, []],
      [{ role: null, state: null }, ['Alice', 'Bob', 'Carol', 'Dave']],
    ];
    for (const client of [alice, dave]) {
      for (const [filter, names] of cases) {
        const { members: page } = await client.data(members, filter);
        expect([filter, namesOf(page), page.totalCount]).to.deep.equal([filter, names, names.length]);
      }
    }
  });

  it('finds part of a name or an address in any case, with no character of special meaning', async () => {
    const { alice, bob, carol } = await newTeam();
    await alice.data(updateMember, { input: { id: carol.id, email: 'Caroline_O@Other.Example' } });
    const everyone = ['Alice', 'Bob', 'Carol', 'Dave'];
    const found = {
      'OB@TEAM.': ['Bob'],
      AR: ['Carol'],
      'oline_o@other': ['Carol'],
      _: ['Carol'],
      '%': [],
      '!': [],
      '\\': [],
      ' bob ': ['Bob'],
      '': everyone,
      nobody: [],
    };
    expect(await searchesOf(bob, 'members', members, Object.keys(found))).to.deep.equal(found);
  });

  itPagesBothWays('members', members, 4, addPeople);
});
