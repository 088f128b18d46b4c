import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { basicCustomRole, giveSets, itPagesBothWays, makeCustomRole, searchesOf } from '../../support/membership.js';
import { customRoleById, customRoles, deleteCustomRole } from '../../support/membership-operations.js';
import { uniqueName } from '../../support/secret-keys.js';

describe('customRoles', () => {
  it('shows everyone the roles of the organization by name, who has them to those who check, and none of another one', async () => {
    const { alice, bob, carol, dave, deployBot, stranger } = await newTeam();
    await makeCustomRole(stranger);
    const ids = [];
    for (const name of ['watch', 'Count', 'Rotate']) ids.push(await makeCustomRole(alice, ['key-inventory'], name));
    ids.push(await giveSets(alice, carol, 'membership-reader'));
    const wholes = [];
    for (const id of ids) wholes.push((await alice.data(customRoleById, { id })).customRole);
    const byName = wholes.sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1));
    for (const [client, nodes] of [
      [alice, byName],
      [dave, byName],
      [carol, byName],
      [bob, byName.map(basicCustomRole)],
      [deployBot, byName.map(basicCustomRole)],
    ] as const) {
      const { customRoles: page } = await client.data(customRoles);
      expect([client.name, page]).to.deep.equal([
        client.name,
        {
          nodes,
          pageInfo: { ...page.pageInfo, hasNextPage: false, hasPreviousPage: false },
          totalCount: 4,
          totalCountIsCapped: false,
        },
      ]);
    }
  });

  it('finds part of a name in any case, with no character of special meaning, and no deleted role', async () => {
    const { alice, bob } = await newTeam();
    for (const name of ['Watch', 'On_call 100%']) await makeCustomRole(alice, ['audit-reader'], name);
    const gone = await makeCustomRole(alice, ['audit-reader'], 'Watch of old');
    await alice.data(deleteCustomRole, { input: { id: gone } });
    const found = {
      ATCH: ['Watch'],
      ' on_CALL ': ['On_call 100%'],
      _: ['On_call 100%'],
      '%': ['On_call 100%'],
      '!': [],
      '': ['On_call 100%', 'Watch'],
      'audit-reader': [],
    };
    expect(await searchesOf(bob, 'customRoles', customRoles, Object.keys(found))).to.deep.equal(found);
  });

  itPagesBothWays('customRoles', customRoles, 0, async ({ alice }, count) => {
    for (let index = 0; index < count; index += 1) await makeCustomRole(alice, ['audit-reader'], uniqueName());
  });
});
