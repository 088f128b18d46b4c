import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { assignRole, basicCustomRole, giveSets, makeCustomRole, makeMember } from '../../support/membership.js';
import { customRoleById, customRoleHolders, deactivateMember } from '../../support/membership-operations.js';

describe('customRole', () => {
  it('shows everything to administrators, auditors and membership-readers, and what it stands for to everyone', async () => {
    const { alice, bob, carol, dave, deployBot } = await newTeam();
    const id = await makeCustomRole(alice, ['key-inventory'], 'Count');
    await assignRole(alice, id, bob);
    await giveSets(alice, carol, 'membership-reader');
    const { customRole: whole } = await alice.data(customRoleById, { id });
    expect(whole).to.deep.equal({
      id,
      name: 'Count',
      description: null,
      permissionSets: ['key-inventory'],
      holders: { nodes: [{ id: bob.id, kind: 'PERSON', name: 'Bob' }], totalCount: 1 },
      holderCount: 1,
      createdBy: { id: alice.id, kind: 'PERSON', name: 'Alice' },
      createdAt: whole.createdAt,
      updatedAt: whole.createdAt,
    });
    for (const client of [dave, carol]) {
      expect(await client.data(customRoleById, { id })).to.deep.equal({ customRole: whole });
    }
    for (const client of [bob, deployBot]) {
      expect(await client.data(customRoleById, { id })).to.deep.equal({ customRole: basicCustomRole(whole) });
    }
  });

  it('pages through its holders by name in both directions, the deactivated ones included, and counts them', async () => {
    const { alice, deployBot } = await newTeam();
    const id = await makeCustomRole(alice);
    const people = [];
    for (const name of ['Uma', 'olaf', 'Mia', 'Uma']) people.push(await makeMember(alice, name));
    for (const holder of [...people, deployBot]) await assignRole(alice, id, holder);
    await alice.data(deactivateMember, { input: { id: people[0]?.id } });
    const read = async (variables: Record<string, unknown>) =>
      (await alice.data(customRoleHolders, { id, ...variables })).customRole.holders;
    const all = await read({});
    expect(all.nodes.map(({ name }: { name: string }) => name)).to.deep.equal([
      'deploy-bot',
      'Mia',
      'olaf',
      'Uma',
      'Uma',
    ]);
    const forward = await read({ first: 4 });
    const rest = await read({ first: 4, after: forward.pageInfo.endCursor });
    const backward = await read({ last: 4 });
    const start = await read({ last: 4, before: backward.pageInfo.startCursor });
    expect([...forward.nodes, ...rest.nodes]).to.deep.equal(all.nodes);
    expect([...start.nodes, ...backward.nodes]).to.deep.equal(all.nodes);
    const ends = [all, forward, rest, start, backward].map(({ pageInfo, totalCount }) => [
      pageInfo.hasPreviousPage,
      pageInfo.hasNextPage,
      totalCount,
    ]);
    expect(ends).to.deep.equal([
      [false, false, 5],
      [false, true, 5],
      [true, false, 5],
      [false, true, 5],
      [true, false, 5],
    ]);
  });
});
