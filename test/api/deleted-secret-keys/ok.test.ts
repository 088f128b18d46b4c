import { expect } from 'chai';
import { type Client, newTeam } from '../../support/api.js';
import { deletedSecretKeys } from '../../support/operations.js';
import { walk } from '../../support/pages.js';
import { createKey, deleteKey } from '../../support/secret-keys.js';

const namesOf = async (client: Client): Promise<string[]> =>
  (await client.data(deletedSecretKeys)).deletedSecretKeys.nodes.map(({ name }: { name: string }) => name);

describe('deletedSecretKeys', () => {
  it('lists exactly the keys that the caller could restore', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot, growth, stranger } = team;
    await createKey(bob, { name: 'Active' });
    const keys = [
      await createKey(bob, { name: 'Of Bob' }),
      await createKey(carol, { name: 'Of Carol', grants: [{ granteeId: bob.id, permission: 'USE' }] }),
      await createKey(carol, { name: 'Of Growth', grants: [{ granteeId: growth, permission: 'MANAGE' }] }),
      await createKey(carol, { name: 'Of the bot', grants: [{ granteeId: deployBot.id, permission: 'MANAGE' }] }),
      await createKey(alice, { name: 'Of the team', level: 'TEAM' }),
    ];
    for (const id of keys) await deleteKey(alice, id);
    const expected: readonly (readonly [Client, readonly string[]])[] = [
      [alice, ['Of Bob', 'Of Carol', 'Of Growth', 'Of the bot', 'Of the team']],
      [bob, ['Of Bob', 'Of Growth']],
      [carol, ['Of Carol', 'Of Growth', 'Of the bot']],
      [deployBot, ['Of the bot']],
      [dave, []],
      [stranger, []],
    ];
    for (const [client, names] of expected) expect((await namesOf(client)).sort()).to.deep.equal(names);
  });

  it('puts the latest deletion first, and pages forward and backward also when deletions coincide', async () => {
    const team = await newTeam();
    const { alice, api, bob, organizationId } = team;
    const ids: string[] = [];
    for (let index = 0; index < 11; index += 1) ids.push(await createKey(bob));
    for (const id of ids) await deleteKey(bob, id);
    const deletedAt = Date.now();
    await api.services.database.transaction(async (tx) => {
      for (const [index, id] of ids.entries()) {
        await tx.query('UPDATE secret_key SET deleted_at = ? WHERE organization_id = ? AND id = ?', [
          deletedAt - (index % 3) * 1_000,
          organizationId,
          id,
        ]);
      }
    });
    const rank = (id: string) => ids.indexOf(id) % 3;
    const expected = [...ids].sort((a, b) => rank(a) - rank(b) || (a < b ? 1 : -1));
    for (const client of [alice, bob]) {
      for (const direction of ['forward', 'backward'] as const) {
        const nodes = await walk<{ id: string }>(client, deletedSecretKeys, direction, 2);
        expect(nodes.map(({ id }) => id)).to.deep.equal(expected);
      }
      const { totalCount, totalCountIsCapped } = (await client.data(deletedSecretKeys)).deletedSecretKeys;
      expect([totalCount, totalCountIsCapped]).to.deep.equal([11, false]);
    }
  });
});
