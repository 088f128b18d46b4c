import { expect } from 'chai';
import { type Client, newTeam, type Team } from '../../support/api.js';
import { giveSets } from '../../support/membership.js';
import {
  deleteCustomRole,
  groupById,
  memberById,
  serviceAccountById,
  unassignCustomRole,
} from '../../support/membership-operations.js';
import {
  auditEvents,
  deleteSecretKey,
  renameSecretKey,
  secretKey,
  secretKeys,
  setSecretAccess,
  setSecretUse,
  updateSecretValue,
} from '../../support/operations.js';
import { createKey, deleteKey, fakeValue } from '../../support/secret-keys.js';
import { openStoredValue } from '../../support/stored.js';
import { createWorkflow } from '../../support/workflow-operations.js';
import { stepWithKey } from '../../support/workflows.js';

interface Named {
  readonly id: string;
  readonly name: string;
}

/** The ways in which a role goes away. */
const endings: readonly ((admin: Client, customRoleId: string, holder: Client) => Promise<unknown>)[] = [
  (admin, customRoleId, { id: granteeId }) => admin.data(unassignCustomRole, { input: { customRoleId, granteeId } }),
  (admin, id) => admin.data(deleteCustomRole, { input: { id } }),
];

/**
 * For a member and a service account, from the request after they get a role of the set to the one after they lose it.
 * @param prepare gives what holds for somebody who has the set, and what for somebody who does not.
 */
function itGives(
  set: string,
  right: string,
  prepare: (team: Team) => Promise<(holder: Client, has: boolean) => Promise<void>>,
): void {
  it(`gives who has ${set} ${right}, from one request to another`, async () => {
    const team = await newTeam();
    const holds = await prepare(team);
    for (const holder of [team.bob, team.deployBot]) {
      for (const end of endings) {
        await holds(holder, false);
        const id = await giveSets(team.alice, holder, set);
        await holds(holder, true);
        await end(team.alice, id, holder);
        await holds(holder, false);
      }
    }
  });
}

const codeOf = async (holder: Client, query: string, input: object): Promise<unknown> =>
  (await holder.refusal(query, { input })).code;

/** The codes of what nobody does with a key but who uses or manages it. */
const refusalsOf = async (holder: Client, id: string): Promise<unknown[]> => [
  await codeOf(holder, renameSecretKey, { id, name: 'Mine' }),
  await codeOf(holder, setSecretUse, { id, allowedHosts: ['elsewhere.example.com'] }),
  await codeOf(holder, setSecretAccess, { id, level: 'TEAM' }),
  await codeOf(holder, deleteSecretKey, { id }),
  await codeOf(holder, createWorkflow, { name: 'Use it', steps: [stepWithKey(id)] }),
];
const whenSeen = Array(5).fill('FORBIDDEN');
const whenUnseen = [...Array(4).fill('NOT_FOUND'), 'BAD_USER_INPUT'];

/** The list and the look at each key agree on who sees which. */
async function seesKeys(holder: Client, ids: readonly string[], seen: readonly string[]): Promise<void> {
  const { secretKeys: page } = await holder.data(secretKeys, { first: 100 });
  expect(page.nodes.map(({ id }: Named) => id).sort()).to.deep.equal(seen);
  expect(page.totalCount).to.equal(seen.length);
  for (const id of ids) {
    expect((await holder.data(secretKey, { id })).secretKey?.id ?? null).to.equal(seen.includes(id) ? id : null);
  }
}

describe('a custom role', () => {
  itGives('audit-reader', 'the audit log of the organization, also about keys that they do not see', async (team) => {
    const { carol } = team;
    const id = await createKey(carol, { name: 'Payments' });
    return async (holder, has) => {
      const answer = await holder.ask(auditEvents, { filter: { subjectId: id } });
      const types = answer.data?.auditEvents.nodes.map(({ type, subjectName }: Record<string, string>) => [
        type,
        subjectName,
      ]);
      expect([types, answer.errors?.map(({ extensions }) => extensions.code)]).to.deep.equal(
        has ? [[['secretKey.created', 'Payments']], undefined] : [undefined, ['FORBIDDEN']],
      );
      expect(await holder.data(secretKey, { id })).to.deep.equal({ secretKey: null });
    };
  });

  itGives('key-inventory', 'every key and who has it, and nothing to do with any', async ({ carol }) => {
    const ids = [await createKey(carol), await createKey(carol)].sort();
    await deleteKey(carol, await createKey(carol));
    return async (holder, has) => {
      await seesKeys(holder, ids, has ? ids : []);
      const grants = [{ grantee: { id: carol.id, kind: 'PERSON', name: 'Carol' }, permission: 'MANAGE' }];
      for (const id of ids) {
        const { secretKey: seen } = await holder.data(secretKey, { id });
        expect(seen && [seen.viewerCan, seen.grants]).to.deep.equal(has ? [[], grants] : null);
        expect(await codeOf(holder, updateSecretValue, { id, value: fakeValue() })).to.equal(
          has ? 'FORBIDDEN' : 'NOT_FOUND',
        );
        expect(await refusalsOf(holder, id)).to.deep.equal(has ? whenSeen : whenUnseen);
      }
    };
  });

  itGives('key-rotation', 'the replacing of the value of every key, and nothing else to do with any', async (team) => {
    const { carol } = team;
    const first = fakeValue();
    const id = await createKey(carol, { value: first });
    let current = first;
    return async (holder, has) => {
      await seesKeys(holder, [id], has ? [id] : []);
      const value = fakeValue();
      if (has) {
        const { updateSecretValue: replaced } = await holder.data(updateSecretValue, { input: { id, value } });
        expect([replaced.secretKey.viewerCan, replaced.secretKey.grants]).to.deep.equal([['UPDATE_VALUE'], null]);
        current = value;
      } else expect(await codeOf(holder, updateSecretValue, { id, value })).to.equal('NOT_FOUND');
      expect((await openStoredValue(team, id)).toString()).to.equal(current);
      expect(await refusalsOf(holder, id)).to.deep.equal(has ? whenSeen : whenUnseen);
    };
  });

  itGives('membership-reader', 'roles, groups and tokens of everyone, and no identities', async (team) => {
    const { alice, carol, platform } = team;
    const account = team.deployBot;
    return async (holder, has) => {
      const { member } = await holder.data(memberById, { id: carol.id });
      expect([member.role, member.state, member.groups, member.customRoles, member.identities]).to.deep.equal(
        has ? ['MEMBER', 'ACTIVE', [{ id: platform, name: 'Platform' }], [], null] : Array(5).fill(null),
      );
      const { group } = await holder.data(groupById, { id: platform });
      expect(group.members?.nodes ?? null).to.deep.equal(
        has
          ? [
              { id: alice.id, name: 'Alice', role: 'ADMIN' },
              { id: carol.id, name: 'Carol', role: 'MEMBER' },
            ]
          : null,
      );
      const { serviceAccount } = await holder.data(serviceAccountById, { id: account.id });
      const tokens = serviceAccount.tokens?.map(({ name, createdBy }: { name: string; createdBy: Named }) => [
        name,
        createdBy.name,
      ]);
      expect(tokens ?? null).to.deep.equal(has || holder === account ? [['test', 'Alice']] : null);
    };
  });
});
