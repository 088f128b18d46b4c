import { expect } from 'chai';
import { foldName } from '../../../src/modules/names.js';
import { type Client, newTeam, type Team } from '../../support/api.js';
import {
  createSecretKey,
  deleteSecretKey,
  secretKey,
  secretKeys,
  updateSecretValue,
} from '../../support/operations.js';
import { walk } from '../../support/pages.js';
import { addGroups } from '../../support/people.js';
import { createKey, fakeValue, uniqueName } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

type Node = { readonly id: string; readonly name: string };

async function namesOf(client: Client, variables: Record<string, unknown> = {}): Promise<string[]> {
  const { secretKeys: page } = await client.data(secretKeys, { first: 100, ...variables });
  const names = page.nodes.map(({ name }: Node) => name);
  expect([page.totalCount, page.totalCountIsCapped]).to.deep.equal([names.length, false]);
  return names;
}

async function idsOf(
  client: Client,
  direction: 'forward' | 'backward',
  size: number,
  variables: Record<string, unknown> = {},
): Promise<string[]> {
  const nodes = await walk<Node>(client, secretKeys, direction, size, variables);
  return nodes.map(({ id }) => id);
}

/** Sets the dates by which lists are ordered, past the API. */
async function setDates(
  { api, organizationId }: Team,
  id: string,
  dates: { readonly valueUpdatedAt?: number; readonly lastUsedAt?: number },
): Promise<void> {
  await api.services.database.transaction(async (tx) => {
    for (const [column, date] of [
      ['value_updated_at', dates.valueUpdatedAt],
      ['last_used_at', dates.lastUsedAt],
    ] as const) {
      if (date === undefined) continue;
      await tx.query(`UPDATE secret_key SET ${column} = ? WHERE organization_id = ? AND id = ?`, [
        date,
        organizationId,
        id,
      ]);
      await tx.query(`UPDATE secret_key_access SET ${column} = ? WHERE organization_id = ? AND secret_key_id = ?`, [
        date,
        organizationId,
        id,
      ]);
    }
  });
}

/** Names that begin alike, that fold longer, and that differ where code points and UTF-16 order differently. */
const names = [
  'a',
  'A0',
  'a 1',
  'a-',
  'a_',
  'a%',
  'aa',
  'AAA',
  'aab',
  'ab',
  '\u00e4',
  'z',
  '\ufb03',
  '\uff5e',
  '\u{1f511}',
  '\u{1f511}\u{1f511}',
  '"quoted"',
  '\\',
  '0',
  '10',
  '9',
  'stra\u00dfe',
  'strasz',
];

/** The names in many keys that share dates, some of them Team keys, some reaching their readers in several ways. */
async function manyKeys(team: Team) {
  const { bob, carol, growth, platform } = team;
  const start = Date.UTC(2030, 0, 1);
  const keys: { id: string; name: string; valueUpdatedAt: number; lastUsedAt: number }[] = [];
  for (const [index, name] of names.entries()) {
    const id = await createKey(bob, {
      name,
      level: index % 3 === 0 ? 'TEAM' : 'RESTRICTED',
      grants: [
        { granteeId: growth, permission: index % 2 === 0 ? 'USE' : 'MANAGE' },
        { granteeId: platform, permission: 'USE' },
        ...(index % 5 === 0 ? [{ granteeId: carol.id, permission: 'USE' as const }] : []),
      ],
    });
    const dates = {
      valueUpdatedAt: start + (index % 4) * 1_000,
      lastUsedAt: index % 3 === 0 ? 0 : start - (index % 2),
    };
    await setDates(team, id, dates);
    keys.push({ id, name, ...dates });
  }
  return keys;
}

const byText = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

describe('secretKeys', () => {
  it('orders by name in code points without regard to case when nothing is said, 50 at a time', async () => {
    const team = await newTeam();
    await manyKeys(team);
    const expected = [...names].sort((a, b) => byText(foldName(a), foldName(b)));
    expect(await namesOf(team.bob)).to.deep.equal(expected);
    for (let index = names.length; index < 51; index += 1) await createKey(team.bob);
    const { secretKeys: page } = await team.bob.data('{ secretKeys { nodes { id } pageInfo { hasNextPage } } }');
    expect([page.nodes.length, page.pageInfo.hasNextPage]).to.deep.equal([50, true]);
  });

  it('gives every key once and in order, in every order, in pages from either end, whoever asks', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave } = team;
    const keys = await manyKeys(team);
    type Key = (typeof keys)[number];
    const orders: readonly (readonly [field: string, compare: (a: Key, b: Key) => number])[] = [
      ['NAME', (a, b) => byText(foldName(a.name), foldName(b.name))],
      ['CREATED_AT', () => 0],
      ['VALUE_UPDATED_AT', (a, b) => a.valueUpdatedAt - b.valueUpdatedAt],
      ['LAST_USED_AT', (a, b) => a.lastUsedAt - b.lastUsedAt],
    ];
    for (const [field, compare] of orders) {
      const ascending = [...keys].sort((a, b) => compare(a, b) || byText(a.id, b.id)).map(({ id }) => id);
      for (const [direction, expected] of [
        ['ASC', ascending],
        ['DESC', [...ascending].reverse()],
      ] as const) {
        const orderBy = { field, direction };
        for (const client of [alice, bob, carol, dave]) {
          expect(await idsOf(client, 'forward', 5, { orderBy })).to.deep.equal(expected);
          expect(await idsOf(client, 'backward', 4, { orderBy })).to.deep.equal(expected);
        }
      }
    }
  });

  it('gives nodes and edges alike, with a cursor at each that goes on in either direction', async () => {
    const team = await newTeam();
    const keys = await manyKeys(team);
    const query = `query ($first: Int, $after: String, $last: Int, $before: String) {
      secretKeys(first: $first, after: $after, last: $last, before: $before) {
        nodes { id name viewerCan }
        edges { cursor node { id name viewerCan } }
        pageInfo { startCursor endCursor }
      }
    }`;
    const { nodes, edges, pageInfo } = (await team.bob.data(query, { first: 100 })).secretKeys;
    const cursors: string[] = edges.map(({ cursor }: { cursor: string }) => cursor);
    expect(edges.map(({ node }: { node: Node }) => node)).to.deep.equal(nodes);
    expect(nodes).to.have.lengthOf(keys.length);
    expect(pageInfo).to.deep.equal({ startCursor: cursors[0], endCursor: cursors.at(-1) });
    for (const [index, cursor] of cursors.entries()) {
      const { secretKeys: next } = await team.bob.data(query, { first: 2, after: cursor });
      const { secretKeys: previous } = await team.bob.data(query, { last: 2, before: cursor });
      expect(next.nodes).to.deep.equal(nodes.slice(index + 1, index + 3));
      expect(previous.nodes).to.deep.equal(nodes.slice(Math.max(0, index - 2), index));
    }
  });

  it('has no cursors and no more pages when it is empty', async () => {
    const { alice, bob, dave, deployBot } = await newTeam();
    for (const client of [alice, bob, dave, deployBot]) {
      for (const variables of [{}, { last: 5 }]) {
        expect((await client.data(secretKeys, variables)).secretKeys).to.deep.equal({
          nodes: [],
          pageInfo: { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null },
          totalCount: 0,
          totalCountIsCapped: false,
        });
      }
    }
  });

  it('goes on from a place whose key was deleted meanwhile, and meets keys that came since', async () => {
    const { alice, bob } = await newTeam();
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) ids.push(await createKey(bob, { name }));
    for (const client of [alice, bob]) {
      const { pageInfo } = (await client.data(secretKeys, { first: 2 })).secretKeys;
      const last = await createKey(bob, { name: 'bb' });
      const rest = await client.data(secretKeys, { after: pageInfo.endCursor });
      expect(rest.secretKeys.nodes.map(({ name }: Node) => name)).to.deep.equal(['bb', 'c', 'd', 'e']);
      await bob.data(deleteSecretKey, { input: { id: last } });
    }
    const { pageInfo } = (await bob.data(secretKeys, { first: 2 })).secretKeys;
    await bob.data(deleteSecretKey, { input: { id: ids[1] } });
    const rest = await bob.data(secretKeys, { after: pageInfo.endCursor });
    expect(rest.secretKeys.nodes.map(({ name }: Node) => name)).to.deep.equal(['c', 'd', 'e']);
  });

  it('shows each caller their keys in each scope', async () => {
    const { alice, bob, carol, dave, deployBot, growth, platform, stranger } = await newTeam();
    const use = (granteeId: string) => ({ granteeId, permission: 'USE' as const });
    const manage = (granteeId: string) => ({ granteeId, permission: 'MANAGE' as const });
    await createKey(alice, { name: '1 team', level: 'TEAM' });
    await createKey(bob, { name: '2 team, shared', level: 'TEAM', grants: [use(carol.id), manage(platform)] });
    await createKey(bob, { name: '3 of bob' });
    await createKey(carol, { name: '4 of carol for growth', grants: [use(growth)] });
    await createKey(carol, { name: '5 of carol by growth', grants: [manage(growth), use(deployBot.id)] });
    await createKey(carol, { name: '6 of carol' });
    await createKey(deployBot, { name: '7 of the bot', grants: [manage(alice.id), use(dave.id)] });
    await bob.data(deleteSecretKey, { input: { id: await createKey(bob, { name: '8 deleted', level: 'TEAM' }) } });
    await createKey(stranger, { name: '9 elsewhere', level: 'TEAM' });
    const table: readonly (readonly [Client, Record<string, string>])[] = [
      [alice, { ALL: '1234567', TEAM: '12', RESTRICTED: '34567', CREATED_BY_ME: '1', MANAGED_BY_ME: '127' }],
      [bob, { ALL: '12345', TEAM: '12', RESTRICTED: '345', CREATED_BY_ME: '23', MANAGED_BY_ME: '235' }],
      [carol, { ALL: '12456', TEAM: '12', RESTRICTED: '456', CREATED_BY_ME: '456', MANAGED_BY_ME: '2456' }],
      [dave, { ALL: '1234567', TEAM: '12', RESTRICTED: '34567', CREATED_BY_ME: '', MANAGED_BY_ME: '' }],
      [deployBot, { ALL: '1257', TEAM: '12', RESTRICTED: '57', CREATED_BY_ME: '7', MANAGED_BY_ME: '7' }],
      [stranger, { ALL: '9', TEAM: '9', RESTRICTED: '', CREATED_BY_ME: '9', MANAGED_BY_ME: '9' }],
    ];
    for (const [client, expected] of table) {
      const seen: Record<string, string> = {};
      for (const scope of Object.keys(expected)) {
        seen[scope] = (await namesOf(client, { filter: { scope } })).map((name) => name[0]).join('');
      }
      expect([client.name, seen]).to.deep.equal([client.name, expected]);
      for (const filter of [undefined, null, {}, { scope: null }]) {
        expect((await namesOf(client, { filter })).map((name) => name[0]).join('')).to.equal(expected.ALL);
      }
    }
  });

  it('leaves a scope with the access or the key that it rested on', async () => {
    const { alice, bob } = await newTeam();
    const id = await createKey(bob, { name: 'Mine' });
    const grants = [{ granteeId: alice.id, permission: 'MANAGE' }];
    await bob.data(
      'mutation ($input: SetSecretAccessInput!) { setSecretAccess(input: $input) { warnings { code } } }',
      {
        input: { id, level: 'TEAM', grants },
      },
    );
    expect(await namesOf(bob, { filter: { scope: 'CREATED_BY_ME' } })).to.deep.equal(['Mine']);
    expect(await namesOf(bob, { filter: { scope: 'MANAGED_BY_ME' } })).to.deep.equal([]);
    expect(await namesOf(alice, { filter: { scope: 'MANAGED_BY_ME' } })).to.deep.equal(['Mine']);
  });

  it('finds part of a name in any case and composition, with no character of special meaning', async () => {
    const { alice, bob } = await newTeam();
    const all = [
      '100% sure',
      'C:\\temp',
      'Gr\u00f6\u00dfe',
      'Hey!',
      'payments_live',
      'paymentsXlive',
      '\u5bc6\u94a5\u{1f511}',
    ];
    for (const name of all) await createKey(bob, { name });
    const found: Readonly<Record<string, readonly string[]>> = {
      PAYMENT: ['payments_live', 'paymentsXlive'],
      s_l: ['payments_live'],
      '%': ['100% sure'],
      '%%': [],
      _: ['payments_live'],
      '!': ['Hey!'],
      '!%': [],
      '\\': ['C:\\temp'],
      "'": [],
      'GRO\u0308SSE': ['Gr\u00f6\u00dfe'],
      '\u94a5': ['\u5bc6\u94a5\u{1f511}'],
      '\u{1f511}': ['\u5bc6\u94a5\u{1f511}'],
      ' sure ': ['100% sure'],
      ' ': all,
      '': all,
      nothing: [],
      [`${'a'.repeat(119)}\u{1f511}`]: [],
    };
    for (const client of [alice, bob]) {
      for (const [search, expected] of Object.entries(found)) {
        const seen = await namesOf(client, { filter: { search } });
        expect([search, seen.sort()]).to.deep.equal([search, [...expected].sort()]);
      }
    }
  });

  it('narrows to keys that expire before an instant, and to keys not used since one', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const month = (index: number) => new Date(Date.UTC(2099, index, 1));
    for (const [index, name] of ['January', 'February', 'March'].entries()) {
      const input = { name, value: fakeValue(), expiresAt: month(index).toISOString() };
      const { createSecretKey: created } = await bob.data(createSecretKey, { input });
      await setDates(team, created.secretKey.id, { lastUsedAt: Date.UTC(2030, index, 1) });
    }
    await createKey(bob, { name: 'Never' });
    const used = (index: number) => new Date(Date.UTC(2030, index, 1)).toISOString();
    const cases: readonly (readonly [filter: Record<string, unknown>, expected: readonly string[]])[] = [
      [{ expiresBefore: month(0).toISOString() }, []],
      [{ expiresBefore: month(1).toISOString() }, ['January']],
      [{ expiresBefore: '2199-01-01T00:00:00Z' }, ['February', 'January', 'March']],
      [{ unusedSince: used(0) }, ['Never']],
      [{ unusedSince: used(1) }, ['January', 'Never']],
      [{ unusedSince: '2050-01-01T00:00:00+01:00' }, ['February', 'January', 'March', 'Never']],
      [{ unusedSince: used(2), expiresBefore: month(2).toISOString(), search: 'JANU' }, ['January']],
      [
        { unusedSince: used(2), expiresBefore: month(2).toISOString(), scope: 'CREATED_BY_ME' },
        ['February', 'January'],
      ],
      [{ unusedSince: used(2), scope: 'TEAM' }, []],
    ];
    for (const [filter, expected] of cases) expect(await namesOf(bob, { filter })).to.deep.equal(expected);
    for (const [filter, expected] of cases.slice(0, 7)) {
      expect(await namesOf(alice, { filter })).to.deep.equal(expected);
    }
    const { nodes } = (await bob.data('{ secretKeys { nodes { name lastUsedAt } } }')).secretKeys;
    expect(nodes).to.deep.equal([
      { name: 'February', lastUsedAt: used(1) },
      { name: 'January', lastUsedAt: used(0) },
      { name: 'March', lastUsedAt: used(2) },
      { name: 'Never', lastUsedAt: null },
    ]);
  });

  it('narrows before it pages', async () => {
    const team = await newTeam();
    const keys = await manyKeys(team);
    const filter = { search: 'a', scope: 'RESTRICTED' };
    for (const client of [team.alice, team.bob]) {
      const expected = await idsOf(client, 'forward', 100, { filter });
      expect(expected.length).to.be.within(5, keys.length - 1);
      expect(await idsOf(client, 'forward', 2, { filter })).to.deep.equal(expected);
      expect(await idsOf(client, 'backward', 2, { filter })).to.deep.equal(expected);
    }
  });

  it('moves a key whose value is replaced to the end of its order at once', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const first = await createKey(bob, { name: 'first' });
    await setDates(team, await createKey(bob, { name: 'second' }), { valueUpdatedAt: Date.now() - 60_000 });
    await setDates(team, first, { valueUpdatedAt: Date.now() - 120_000 });
    const orderBy = { field: 'VALUE_UPDATED_AT', direction: 'ASC' };
    expect(await namesOf(bob, { orderBy })).to.deep.equal(['first', 'second']);
    await bob.data(updateSecretValue, { input: { id: first, value: fakeValue() } });
    for (const client of [alice, bob]) expect(await namesOf(client, { orderBy })).to.deep.equal(['second', 'first']);
  });

  it('shows of each key what secretKey shows of it', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot } = team;
    await manyKeys(team);
    const fields = secretKey.slice(secretKey.indexOf('fragment'));
    for (const client of [alice, bob, carol, dave, deployBot]) {
      const list = await unchanged(team, () => client.data(`{ secretKeys { nodes { ...Key } } } ${fields}`));
      for (const node of list.secretKeys.nodes) {
        expect(await client.data(secretKey, { id: node.id })).to.deep.equal({ secretKey: node });
      }
    }
  });

  for (const count of [70, 210]) {
    it(`shows somebody in ${count} groups every key once, in order`, async () => {
      const team = await newTeam();
      const { bob, carol, growth } = team;
      const groups = await addGroups(team, count, [bob]);
      const expected: string[] = [];
      for (let index = 0; index < 12; index += 1) {
        const shared = groups.filter((_, group) => group % 12 === index || group % 7 === 0);
        const grants = [growth, ...shared].map((granteeId) => ({ granteeId, permission: 'USE' as const }));
        expected.push(
          await createKey(carol, {
            name: `Key ${String(index).padStart(2, '0')}`,
            level: index % 4 === 0 ? 'TEAM' : 'RESTRICTED',
            grants,
          }),
        );
      }
      await createKey(carol, { name: uniqueName() });
      expect(await idsOf(bob, 'forward', 5)).to.deep.equal(expected);
      expect(await idsOf(bob, 'backward', 5)).to.deep.equal(expected);
      expect((await namesOf(bob)).length).to.equal(12);
      expect((await namesOf(bob, { filter: { scope: 'RESTRICTED' } })).length).to.equal(9);
      expect(await namesOf(bob, { filter: { scope: 'MANAGED_BY_ME' } })).to.deep.equal([]);
    });
  }
});
