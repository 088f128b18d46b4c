/** Members, groups, service accounts and custom roles: shortcuts for tests that need some, how they look, and what all operations on them refuse. */
import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { type GranteeId, newId } from '../../src/ids.js';
import { insertGrantee } from '../../src/modules/organization/membership.js';
import { type Answer, Client, clock, newTeam, type Team, tokenFor } from './api.js';
import * as operations from './membership-operations.js';
import { comparable, refusalAnswer } from './refusals.js';
import { uniqueName } from './secret-keys.js';
import { unchanged } from './stored.js';

/** Adds a person as an administrator, and gives them a token. */
export async function makeMember(
  admin: Client,
  name: string,
  role: 'ADMIN' | 'MEMBER' | 'AUDITOR' = 'MEMBER',
): Promise<Client> {
  const subject = `${name}-${randomBytes(8).toString('hex')}`;
  const { addMember } = await admin.data(operations.addMember, { input: { name, role, subject } });
  return new Client(admin.url, addMember.member.id, name, await tokenFor(subject));
}

export async function makeGroup(admin: Client, members: readonly Client[] = [], name = uniqueName()): Promise<string> {
  const { createGroup } = await admin.data(operations.createGroup, { input: { name } });
  const { id: groupId } = createGroup.group;
  for (const { id: memberId } of members) {
    await admin.data(operations.addGroupMember, { input: { groupId, memberId } });
  }
  return groupId;
}

export async function makeServiceAccount(admin: Client, name = uniqueName()): Promise<GranteeId> {
  const { createServiceAccount } = await admin.data(operations.createServiceAccount, { input: { name } });
  return createServiceAccount.serviceAccount.id;
}

/** A new token of a service account: its id, and the account with the token. */
export async function makeToken(
  admin: Client,
  serviceAccountId: GranteeId,
): Promise<{ readonly id: string; readonly client: Client }> {
  const input = { serviceAccountId, name: 'CI' };
  const { createServiceAccountToken: made } = await admin.data(operations.createServiceAccountToken, { input });
  return { id: made.serviceAccountToken.id, client: new Client(admin.url, serviceAccountId, 'bot', made.token) };
}

/** A custom role of `audit-reader` unless told otherwise, which nobody has. */
export async function makeCustomRole(
  admin: Client,
  permissionSets: readonly string[] = ['audit-reader'],
  name = uniqueName('Role'),
): Promise<string> {
  const { createCustomRole } = await admin.data(operations.createCustomRole, { input: { name, permissionSets } });
  return createCustomRole.customRole.id;
}

export async function assignRole(admin: Client, customRoleId: string, { id }: Pick<Client, 'id'>): Promise<void> {
  await admin.data(operations.assignCustomRole, { input: { customRoleId, granteeId: id } });
}

/** Gives permission sets by a custom role of their own, and returns its id. */
export async function giveSets(admin: Client, holder: Client, ...permissionSets: string[]): Promise<string> {
  const id = await makeCustomRole(admin, permissionSets);
  await assignRole(admin, id, holder);
  return id;
}

/** Active members named `person-0`, `person-1` and so on, who cannot sign in. */
export function addPeople({ api, organizationId }: Team, count: number): Promise<GranteeId[]> {
  const { database, writer } = api.services;
  return database.transaction(async (tx) => {
    const ids: GranteeId[] = [];
    for (let index = 0; index < count; index += 1) {
      const name = `person-${index}`;
      const person = { organizationId, kind: 'PERSON', role: 'MEMBER', name, now: clock.now() } as const;
      ids.push(await insertGrantee(tx, writer, person));
    }
    return ids;
  });
}

export const isSignedIn = async (client: Client): Promise<boolean> => {
  const { status } = await client.ask('{ viewer { id } }');
  return status === 200;
};

/** An instant of an answer, after a proof that it lies between `since` and now, in milliseconds, and is written as ISO 8601. */
export function instantSince(since: number, text: string): string {
  expect(Date.parse(text)).to.be.within(since, Date.now());
  expect(new Date(text).toISOString()).to.equal(text);
  return text;
}

/** When the people, groups and accounts of a team were made. */
export async function beginningOf({ api, organizationId }: Team): Promise<string> {
  const [row] = await api.services.database.query('SELECT created_at FROM organization WHERE id = ?', [organizationId]);
  return new Date(Number(row?.created_at)).toISOString();
}

/** The members of a team, and how they look to whoever sees everything about them. */
export async function usualMembers(team: Team) {
  const { alice, bob, carol, dave, growth, platform } = team;
  const instant = await beginningOf(team);
  const whole = ({ id, name }: Client, role: string, groups: readonly object[]) => ({
    id,
    name,
    email: `${name.toLowerCase()}@team.example`,
    role,
    state: 'ACTIVE',
    groups,
    customRoles: [],
    identities: [{ issuer: team.api.services.defaultIssuer, subject: `${name.toLowerCase()}@${team.slug}` }],
    createdAt: instant,
    updatedAt: instant,
  });
  const inGroup = (id: string, name: string) => [{ id, name }];
  return {
    alice: whole(alice, 'ADMIN', inGroup(platform, 'Platform')),
    bob: whole(bob, 'MEMBER', inGroup(growth, 'Growth')),
    carol: whole(carol, 'MEMBER', inGroup(platform, 'Platform')),
    dave: whole(dave, 'AUDITOR', []),
  };
}

/** What of a member everyone sees. */
export const basicMember = ({
  id,
  name,
  email,
}: {
  readonly id: string;
  readonly name: string;
  readonly email: unknown;
}) => ({
  id,
  name,
  email,
  role: null,
  state: null,
  groups: null,
  customRoles: null,
  identities: null,
  createdAt: null,
  updatedAt: null,
});

/** The groups of a team, and how they look to whoever sees everything about them. */
export async function usualGroups(team: Team) {
  const { alice, bob, carol, growth, platform } = team;
  const instant = await beginningOf(team);
  const whole = (id: string, name: string, nodes: readonly { id: string; name: string; role: string | null }[]) => ({
    id,
    name,
    description: null as string | null,
    memberCount: nodes.length,
    members: { nodes, totalCount: nodes.length },
    createdAt: instant,
    updatedAt: instant,
  });
  const person = ({ id, name }: Client, role: string) => ({ id, name, role });
  return {
    growth: whole(growth, 'Growth', [person(bob, 'MEMBER')]),
    platform: whole(platform, 'Platform', [person(alice, 'ADMIN'), person(carol, 'MEMBER')]),
  };
}

/** What of a group everyone sees. */
export const basicGroup = (group: Awaited<ReturnType<typeof usualGroups>>['growth']) => ({
  ...group,
  members: null,
  createdAt: null,
  updatedAt: null,
});

/** How the service account of a team looks to whoever sees everything about it. Its token has not been used. */
export async function usualServiceAccount(team: Team) {
  const { alice, deployBot } = team;
  const instant = await beginningOf(team);
  const token = {
    id: await tokenIdOf(team),
    name: 'test',
    expiresAt: null,
    lastUsedAt: null,
    revokedAt: null,
    createdBy: { id: alice.id, kind: 'PERSON', name: 'Alice' },
    createdAt: instant,
  };
  return {
    id: deployBot.id,
    name: 'deploy-bot',
    description: null as string | null,
    state: 'ACTIVE',
    tokens: [token],
    customRoles: [],
    createdBy: null,
    createdAt: instant,
    updatedAt: instant,
  };
}

/** What of a service account everyone sees. */
export const basicServiceAccount = (account: Awaited<ReturnType<typeof usualServiceAccount>>) => ({
  ...account,
  tokens: null,
  customRoles: null,
  createdBy: null,
  createdAt: null,
  updatedAt: null,
});

/** What of a custom role everyone sees. */
export const basicCustomRole = <Role extends object>(customRole: Role) => ({
  ...customRole,
  holders: null,
  holderCount: null,
  createdBy: null,
  createdAt: null,
  updatedAt: null,
});

/** What operations name. */
export interface Ids {
  readonly person: string;
  readonly group: string;
  readonly account: string;
  /** A token of the account. */
  readonly token: string;
  readonly customRole: string;
}

/** Of things that are there. */
export async function idsOf(team: Team): Promise<Ids> {
  const { alice, bob, deployBot, growth } = team;
  return {
    person: bob.id,
    group: growth,
    account: deployBot.id,
    token: await tokenIdOf(team),
    customRole: await makeCustomRole(alice),
  };
}

async function tokenIdOf({ api, organizationId, deployBot }: Team): Promise<string> {
  const [row] = await api.services.database.query(
    'SELECT id FROM service_account_token WHERE organization_id = ? AND service_account_id = ?',
    [organizationId, deployBot.id],
  );
  return String(row?.id);
}

/** What `work` gives, after a proof that it changed no member, group, account, token, custom role or key, and recorded nothing. */
export function unchangedMembership<Result>(team: Team, work: () => Promise<Result>): Promise<Result> {
  const { api, organizationId } = team;
  const stored = async () => [
    await api.services.database.query('SELECT * FROM organization WHERE id = ?', [organizationId]),
    await api.services.database.query('SELECT * FROM identity WHERE organization_id = ? ORDER BY issuer, subject', [
      organizationId,
    ]),
    await api.services.database.query(
      'SELECT id, name, secret_hash, expires_at, revoked_at FROM service_account_token WHERE organization_id = ? ORDER BY id',
      [organizationId],
    ),
  ];
  return unchanged(team, async () => {
    const before = await stored();
    const result = await work();
    expect(await stored()).to.deep.equal(before);
    return result;
  });
}

/** The body of an answer without the locations in the document. */
export const bodyOf = ({ text }: Answer): unknown =>
  JSON.parse(text, (name, value) => (name === 'locations' ? undefined : value));

type InputOf = (ids: Ids) => Record<string, unknown>;

export function itNeedsAnAdministrator(operation: string, query: string, inputOf: InputOf): void {
  it('is FORBIDDEN to a member, an auditor and a service account, whether what they name is there or not', async () => {
    const team = await newTeam();
    const there = await idsOf(team);
    const absent = { person: newId(), group: newId(), account: newId(), token: newId(), customRole: newId() };
    for (const caller of [team.bob, team.dave, team.deployBot]) {
      for (const ids of [there, absent]) {
        const answer = await unchangedMembership(team, () => caller.ask(query, { input: inputOf(ids) }));
        expect([caller.name, bodyOf(answer)]).to.deep.equal([
          caller.name,
          refusalAnswer(operation, 'FORBIDDEN', 'You are not allowed to do this.'),
        ]);
      }
    }
  });
}

export type BadInput = readonly (readonly [change: Record<string, unknown>, field: string, message: string])[];

/** @param inputOf an input that would succeed; each case changes it. */
export function itNamesWhatIsWrong(query: string, inputOf: InputOf, cases: BadInput): void {
  it('names every field that is wrong, and changes nothing', async () => {
    const team = await newTeam();
    const input = inputOf(await idsOf(team));
    const all: BadInput = [
      ...cases,
      [{ canary: 'canary' }, 'input', 'has a field that is not known'],
      [{ clientMutationId: 'a key' }, 'input.clientMutationId', 'must have 1 to 128 visible ASCII characters'],
    ];
    for (const [change, field, message] of all) {
      const refusal = await unchangedMembership(team, () =>
        team.alice.refusal(query, { input: { ...input, ...change } }),
      );
      expect([change, refusal]).to.deep.equal([change, { code: 'BAD_USER_INPUT', fields: [{ field, message }] }]);
    }
    expect(await unchangedMembership(team, () => team.alice.refusal(query))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'input', message: 'is required' }],
    });
  });
}

/** What is wrong with a field that must be an id. One that is an id of nothing is NOT_FOUND instead. */
export const badId = (name: string): BadInput => [
  [{ [name]: undefined }, `input.${name}`, 'is required'],
  [{ [name]: null }, `input.${name}`, 'is required'],
  [{ [name]: ['a', 'b'] }, `input.${name}`, 'has the wrong type'],
];

export const badName: BadInput = [
  [{ name: '' }, 'input.name', 'must have 1 to 120 characters'],
  [{ name: ' \n' }, 'input.name', 'must have 1 to 120 characters'],
  [{ name: '\u{1f511}'.repeat(121) }, 'input.name', 'must have 1 to 120 characters'],
  [{ name: 'a\tb' }, 'input.name', 'must not contain control characters or line breaks'],
  [{ name: '\ud800' }, 'input.name', 'must be well-formed Unicode'],
  [{ name: 1 }, 'input.name', 'has the wrong type'],
];

export const badDescription: BadInput = [
  [{ description: 'a'.repeat(1_001) }, 'input.description', 'must have at most 1000 characters'],
  [{ description: 'a\u0000' }, 'input.description', 'must not contain control characters'],
  [{ description: '\ud800' }, 'input.description', 'must be well-formed Unicode'],
];

async function makeElsewhere({ stranger }: Team, kind: keyof Ids): Promise<string> {
  if (kind === 'person') return stranger.id;
  if (kind === 'group') return makeGroup(stranger);
  if (kind === 'customRole') return makeCustomRole(stranger);
  const account = await makeServiceAccount(stranger);
  return kind === 'account' ? account : (await makeToken(stranger, account)).id;
}

/** One that was there: a deleted group, account or custom role, a token of another account. People are never deleted. */
async function makeGone({ alice }: Team, kind: keyof Ids): Promise<string[]> {
  if (kind === 'person') return [];
  if (kind === 'group') {
    const id = await makeGroup(alice);
    await alice.data(operations.deleteGroup, { input: { id } });
    return [id];
  }
  if (kind === 'customRole') {
    const id = await makeCustomRole(alice);
    await alice.data(operations.deleteCustomRole, { input: { id } });
    return [id];
  }
  const id = await makeServiceAccount(alice);
  if (kind === 'token') return [(await makeToken(alice, id)).id];
  await alice.data(operations.deleteServiceAccount, { input: { id } });
  return [id];
}

/**
 * @param kind what the id is of that nothing is found by.
 * @param variables with the id of this kind replaced.
 * @param answer the body, without the locations in the document.
 * @param callersOf who may call the operation.
 */
export function itFindsNothing(
  query: string,
  kind: keyof Ids,
  variables: (ids: Ids) => Record<string, unknown>,
  answer: unknown,
  callersOf: (team: Team) => readonly Client[] = ({ alice }) => [alice],
): void {
  const what = {
    person: 'member',
    group: 'group',
    account: 'service account',
    token: 'token',
    customRole: 'custom role',
  }[kind];
  it(`answers alike, byte for byte, for a ${what} that is absent, gone, of another kind, foreign or malformed`, async () => {
    const team = await newTeam();
    const there = await idsOf(team);
    const { [kind]: own, ...otherKinds } = there;
    const ids = [
      newId(),
      await makeElsewhere(team, kind),
      ...(await makeGone(team, kind)),
      ...Object.values(otherKinds),
      own.toUpperCase(),
      `${own} `,
      'not-an-id',
      '',
    ];
    for (const caller of callersOf(team)) {
      const answers: Answer[] = [];
      for (const id of ids) {
        const ask = () => caller.ask(query, variables({ ...there, [kind]: id }));
        answers.push(await unchangedMembership(team, ask));
      }
      const [first, ...others] = answers.map(comparable);
      for (const other of others) expect(other).to.deep.equal(first);
      expect(answers.map(bodyOf)[0]).to.deep.equal(answer);
    }
  });
}

/** @param fill puts 12 elements into a list, some with equal names, beside the `usual` ones. */
export function itPagesBothWays(
  operation: string,
  query: string,
  usual: number,
  fill: (team: Team, count: number) => Promise<unknown>,
): void {
  it('pages forward and backward by name, gives each once also when names are equal, and counts all', async () => {
    const team = await newTeam();
    for (let round = 0; round < 3; round += 1) await fill(team, 4);
    const total = usual + 12;
    const read = async (variables: Record<string, unknown>) => (await team.bob.data(query, variables))[operation];
    const all = await read({ first: 100 });
    expect([all.nodes.length, all.totalCount, all.totalCountIsCapped]).to.deep.equal([total, total, false]);
    const names: string[] = all.nodes.map(({ name }: { name: string }) => name.toLowerCase());
    expect(names).to.deep.equal([...names].sort());
    const forward: unknown[] = [];
    for (let after: string | null = null, hasNextPage = true; hasNextPage; ) {
      const page = await read({ first: 5, after });
      forward.push(...page.nodes);
      expect([page.pageInfo.hasPreviousPage, page.totalCount]).to.deep.equal([after !== null, total]);
      ({ hasNextPage, endCursor: after } = page.pageInfo);
    }
    const backward: unknown[] = [];
    for (let before: string | null = null, hasPreviousPage = true; hasPreviousPage; ) {
      const page = await read({ last: 5, before });
      backward.unshift(...page.nodes);
      expect([page.pageInfo.hasNextPage, page.totalCount]).to.deep.equal([before !== null, total]);
      ({ hasPreviousPage, startCursor: before } = page.pageInfo);
    }
    expect({ forward, backward }).to.deep.equal({ forward: all.nodes, backward: all.nodes });
  });

  it('gives 50 when no size is said', async () => {
    const team = await newTeam();
    await fill(team, 51 - usual);
    const { [operation]: page } = await team.bob.data(query);
    expect([page.nodes.length, page.totalCount, page.pageInfo.hasNextPage]).to.deep.equal([50, 51, true]);
  });
}

/** The names that a search finds, by search. */
export async function searchesOf(
  client: Client,
  operation: string,
  query: string,
  searches: readonly string[],
): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const search of searches) {
    const { [operation]: page } = await client.data(query, { search });
    found[search] = page.nodes.map(({ name }: { name: string }) => name);
    expect(page.totalCount).to.equal(page.nodes.length);
  }
  return found;
}

/** The body that names keys, without the locations in the document. */
export const keysWithoutManager = (operation: string, secretKeys: readonly { id: string; name: string }[]) => {
  const message = 'The change would leave keys without a manager who is an active person, or a group with one in it.';
  return {
    errors: [{ message, path: [operation], extensions: { code: 'LAST_MANAGER', secretKeys } }],
    data: null,
  };
};

export const organizationWithoutAdministrator = (operation: string) =>
  refusalAnswer(operation, 'LAST_MANAGER', 'The organization keeps at least one active administrator.');

/** What a service account is told whose token lets nobody in, whatever the reason. */
export async function itsTokenIsRefused(client: Client): Promise<void> {
  const { status, text } = await client.ask('{ viewer { id } }');
  expect([status, JSON.parse(text)]).to.deep.equal([
    401,
    { errors: [{ message: 'The bearer token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }] },
  ]);
}
