import { expect } from 'chai';
import type { Row } from '../../src/database/database.js';
import { tableNames } from '../../src/database/dialect.js';
import { type CustomRoleId, type GranteeId, newId, type SecretKeyId, type ServiceTokenId } from '../../src/ids.js';
import { assignCustomRole } from '../../src/modules/custom-role/assign-custom-role.js';
import { createCustomRole } from '../../src/modules/custom-role/create-custom-role.js';
import { deleteCustomRole } from '../../src/modules/custom-role/delete-custom-role.js';
import { updateCustomRole } from '../../src/modules/custom-role/update-custom-role.js';
import { addGroupMember } from '../../src/modules/group/add-group-member.js';
import { deleteGroup } from '../../src/modules/group/delete-group.js';
import { removeGroupMember } from '../../src/modules/group/remove-group-member.js';
import { addMember } from '../../src/modules/member/add-member.js';
import { deactivateMember } from '../../src/modules/member/deactivate-member.js';
import { reactivateMember } from '../../src/modules/member/reactivate-member.js';
import { setMemberRole } from '../../src/modules/member/set-member-role.js';
import { findPerson, findServiceAccount } from '../../src/modules/organization/find-principal.js';
import { runWorkflow } from '../../src/modules/run/run-workflow.js';
import { testAction } from '../../src/modules/run/test-action.js';
import { deleteSecretKey } from '../../src/modules/secret-key/delete-secret-key.js';
import { explainSecretAccess } from '../../src/modules/secret-key/explain-secret-access.js';
import { restoreSecretKey } from '../../src/modules/secret-key/restore-secret-key.js';
import { setSecretAccess } from '../../src/modules/secret-key/set-secret-access.js';
import { setSecretUse } from '../../src/modules/secret-key/set-secret-use.js';
import { updateSecretValue } from '../../src/modules/secret-key/update-secret-value.js';
import { createServiceAccountToken } from '../../src/modules/service-account/create-service-account-token.js';
import { deleteServiceAccount } from '../../src/modules/service-account/delete-service-account.js';
import { reactivateServiceAccount } from '../../src/modules/service-account/reactivate-service-account.js';
import { revokeServiceAccountToken } from '../../src/modules/service-account/revoke-service-account-token.js';
import { activateWorkflow } from '../../src/modules/workflow/activate-workflow.js';
import { createWorkflow } from '../../src/modules/workflow/create-workflow.js';
import { deactivateWorkflow } from '../../src/modules/workflow/deactivate-workflow.js';
import { deleteWorkflow } from '../../src/modules/workflow/delete-workflow.js';
import { duplicateWorkflow } from '../../src/modules/workflow/duplicate-workflow.js';
import { replaceSecretKeyReferences } from '../../src/modules/workflow/replace-secret-key-references.js';
import { setWorkflowSteps } from '../../src/modules/workflow/set-workflow-steps.js';
import { UnsignedRowError } from '../../src/vault/signed-row.js';
import {
  openVerbFixture,
  TestOrganization,
  testDatabases,
  testIssuer,
  type VerbFixture,
} from '../support/verb-fixture.js';

/** An organization with something of everything that is signed. */
interface Scene {
  readonly team: TestOrganization;
  readonly ada: GranteeId;
  /** Has the custom role and is in no group. */
  readonly bob: GranteeId;
  /** Manages the keys, is in the group and wrote the workflow. */
  readonly carol: GranteeId;
  readonly bot: GranteeId;
  readonly token: string;
  readonly tokenId: ServiceTokenId;
  readonly ops: GranteeId;
  readonly customRoleId: CustomRoleId;
  readonly key: SecretKeyId;
  readonly other: SecretKeyId;
  readonly deleted: SecretKeyId;
  readonly workflowId: string;
  readonly stepId: string;
}

const sendStep = (key: SecretKeyId, id?: string) => ({
  sendApiRequest: {
    ...(id === undefined ? {} : { id }),
    name: 'send',
    method: 'GET' as const,
    url: 'https://api.example.com/',
    headers: [{ name: 'Authorization', value: `Bearer {{ secretKey:${key} }}` }],
  },
});
const codeStep = { runCode: { name: 'more', code: 'return 1' } };

type Tampering = readonly [sql: string, parameters: (scene: Scene) => readonly unknown[]];

/** Statements of somebody who may write the database, by what they do. */
const tamperings = {
  'a planted grant': [
    "INSERT INTO secret_grant (organization_id, secret_key_id, grantee_id, permission) VALUES (?, ?, ?, 'MANAGE')",
    ({ team, key, bob }) => [team.id, key, bob],
  ],
  'a grant that was taken away': [
    'DELETE FROM secret_grant WHERE organization_id = ? AND secret_key_id = ? AND grantee_id = ?',
    ({ team, key, ops }) => [team.id, key, ops],
  ],
  'a grant that was made Manage': [
    "UPDATE secret_grant SET permission = 'MANAGE' WHERE organization_id = ? AND secret_key_id = ?",
    ({ team, key }) => [team.id, key],
  ],
  'another level': ["UPDATE secret_key SET access_level = 'TEAM' WHERE organization_id = ? AND id = ?", ofKey],
  'other hosts': [
    `UPDATE secret_key SET allowed_hosts = '["evil.example"]' WHERE organization_id = ? AND id = ?`,
    ofKey,
  ],
  'another expiry': ['UPDATE secret_key SET expires_at = 4102444800000 WHERE organization_id = ? AND id = ?', ofKey],
  'another creator': [
    'UPDATE secret_key SET created_by_id = ? WHERE organization_id = ? AND id = ?',
    ({ team, key, bob }) => [bob, team.id, key],
  ],
  'another version of the value': [
    'UPDATE secret_key SET value_version = value_version + 1 WHERE organization_id = ? AND id = ?',
    ofKey,
  ],
  'a key that was deleted': [
    'UPDATE secret_key SET deleted_at = 1900000000000 WHERE organization_id = ? AND id = ?',
    ofKey,
  ],
  'a key that was brought back': [
    'UPDATE secret_key SET deleted_at = NULL WHERE organization_id = ? AND id = ?',
    ({ team, deleted }) => [team.id, deleted],
  ],
  'another day of deletion': [
    'UPDATE secret_key SET deleted_at = deleted_at + 1 WHERE organization_id = ? AND id = ?',
    ({ team, deleted }) => [team.id, deleted],
  ],
  'a planted grant on a deleted key': [
    "INSERT INTO secret_grant (organization_id, secret_key_id, grantee_id, permission) VALUES (?, ?, ?, 'MANAGE')",
    ({ team, deleted, bob }) => [team.id, deleted, bob],
  ],
  'a planted role': ["UPDATE grantee SET role = 'ADMIN' WHERE organization_id = ? AND id = ?", ofBob],
  'no role at all': ['UPDATE grantee SET role = NULL WHERE organization_id = ? AND id = ?', ofBob],
  'another state': ["UPDATE grantee SET state = 'DEACTIVATED' WHERE organization_id = ? AND id = ?", ofBob],
  'another revision': ['UPDATE grantee SET revision = revision + 1 WHERE organization_id = ? AND id = ?', ofBob],
  'a planted membership': [
    'INSERT INTO group_membership (organization_id, group_id, person_id, created_at) VALUES (?, ?, ?, 0)',
    ({ team, ops, bob }) => [team.id, ops, bob],
  ],
  'a membership that was taken away': [
    'DELETE FROM group_membership WHERE organization_id = ? AND person_id = ?',
    ({ team, carol }) => [team.id, carol],
  ],
  'a planted holder of a custom role': [
    'INSERT INTO custom_role_holder (organization_id, grantee_id, custom_role_id) VALUES (?, ?, ?)',
    ({ team, carol, customRoleId }) => [team.id, carol, customRoleId],
  ],
  'a custom role that was taken away': [
    'DELETE FROM custom_role_holder WHERE organization_id = ? AND grantee_id = ?',
    ofBob,
  ],
  'other permission sets': [
    'UPDATE custom_role SET permission_sets = ? WHERE organization_id = ? AND id = ?',
    ({ team, customRoleId }) => [JSON.stringify(offered(team, 2)), team.id, customRoleId],
  ],
  'a custom role that is gone': [
    'DELETE FROM custom_role WHERE organization_id = ? AND id = ?',
    ({ team, customRoleId }) => [team.id, customRoleId],
  ],
  'another state of a service account': [
    "UPDATE grantee SET state = 'DEACTIVATED' WHERE organization_id = ? AND id = ?",
    ({ team, bot }) => [team.id, bot],
  ],
  'a service account in a group': [
    'INSERT INTO group_membership (organization_id, group_id, person_id, created_at) VALUES (?, ?, ?, 0)',
    ({ team, ops, bot }) => [team.id, ops, bot],
  ],
  'other steps': [
    "UPDATE workflow_version SET steps = REPLACE(steps, 'api.example.com', 'evil.example') WHERE organization_id = ?",
    ({ team }) => [team.id],
  ],
  'another state of a workflow': [
    "UPDATE workflow SET state = 'INACTIVE' WHERE organization_id = ? AND id = ?",
    ofWorkflow,
  ],
  'another version of a workflow': ['UPDATE workflow SET version = 1 WHERE organization_id = ? AND id = ?', ofWorkflow],
  'another creator of a workflow': [
    'UPDATE workflow SET created_by_id = ? WHERE organization_id = ? AND id = ?',
    (scene) => [scene.bob, ...ofWorkflow(scene)],
  ],
  'an identity of somebody else': [
    "UPDATE identity SET person_id = ? WHERE organization_id = ? AND subject = 'bob'",
    ({ team, ada }) => [ada, team.id],
  ],
  'a planted identity': [
    "INSERT INTO identity (issuer, subject, organization_id, person_id, signature) SELECT issuer, 'mallory', organization_id, person_id, signature FROM identity WHERE organization_id = ? AND subject = 'bob'",
    ({ team }) => [team.id],
  ],
  'a token of another account': [
    'UPDATE service_account_token SET service_account_id = ? WHERE organization_id = ?',
    ({ team, ada }) => [ada, team.id],
  ],
  'a later expiry of a token': [
    'UPDATE service_account_token SET expires_at = 4102444800000 WHERE organization_id = ?',
    ({ team }) => [team.id],
  ],
} as const satisfies Record<string, Tampering>;

function ofKey({ team, key }: Scene): readonly unknown[] {
  return [team.id, key];
}
function ofBob({ team, bob }: Scene): readonly unknown[] {
  return [team.id, bob];
}
function ofWorkflow({ team, workflowId }: Scene): readonly unknown[] {
  return [team.id, workflowId];
}
const offered = ({ services }: TestOrganization, count: number): string[] =>
  services.policies.permissionSets.slice(0, count).map(({ name }) => name);

type Act = (scene: Scene) => Promise<unknown>;

const acts = {
  'its use changed': async ({ team, carol, key }) =>
    setSecretUse(await team.as(carol), { id: key, allowedHosts: ['api.example.com'] }),
  'its use changed by the one who planted it': async ({ team, bob, key }) =>
    setSecretUse(await team.as(bob), { id: key, allowedHosts: ['evil.example'] }),
  'its access changed': async ({ team, carol, key }) =>
    setSecretAccess(await team.as(carol), { id: key, level: 'RESTRICTED' }),
  'its value replaced': async ({ team, carol, key }) =>
    updateSecretValue(await team.as(carol), { id: key, value: 'not-a-real-secret-2' }),
  'it deleted': async ({ team, carol, key }) =>
    deleteSecretKey(await team.as(carol), { id: key, breakReferences: true }),
  'it restored': async ({ team, carol, deleted }) => restoreSecretKey(await team.as(carol), { id: deleted }),
  'the use of what was deleted changed': async ({ team, carol, deleted }) =>
    setSecretUse(await team.as(carol), { id: deleted, allowedHosts: ['api.example.com'] }),
  'its access explained': async ({ team, ada, bob, key }) =>
    explainSecretAccess(await team.as(ada), { secretKeyId: key, granteeId: bob, action: 'use' }),
  'a step with it saved': async ({ team, bob, key }) =>
    createWorkflow(await team.as(bob), { name: 'Mine', steps: [sendStep(key)] }),
  'a step with it tested': async ({ team, bob, key }) => testAction(await team.as(bob), { step: sendStep(key) }),
  'another key put in its place': async ({ team, carol, key, other }) =>
    replaceSecretKeyReferences(await team.as(carol), { from: key, to: other }),
  'its workflow run': async ({ team, carol, workflowId }) => runWorkflow(await team.as(carol), { workflowId }),
  'the group deleted': async ({ team, ada, ops }) => deleteGroup(await team.as(ada), { id: ops }),
  'them given a role': async ({ team, ada, bob }) => setMemberRole(await team.as(ada), { id: bob, role: 'AUDITOR' }),
  'them deactivated': async ({ team, ada, bob }) => deactivateMember(await team.as(ada), { id: bob }),
  'them reactivated': async ({ team, ada, bob }) => reactivateMember(await team.as(ada), { id: bob }),
  'them put into a group': async ({ team, ada, bob, ops }) =>
    addGroupMember(await team.as(ada), { groupId: ops, memberId: bob }),
  'them taken out of a group': async ({ team, ada, bob, ops }) =>
    removeGroupMember(await team.as(ada), { groupId: ops, memberId: bob }),
  'them put back into the group': async ({ team, ada, carol, ops }) =>
    addGroupMember(await team.as(ada), { groupId: ops, memberId: carol }),
  'them given the custom role again': async ({ team, ada, bob, customRoleId }) =>
    assignCustomRole(await team.as(ada), { customRoleId, granteeId: bob }),
  'it given to somebody': async ({ team, ada, carol, customRoleId }) =>
    assignCustomRole(await team.as(ada), { customRoleId, granteeId: carol }),
  'the custom role renamed': async ({ team, ada, customRoleId }) =>
    updateCustomRole(await team.as(ada), { id: customRoleId, name: 'Renamed' }),
  'the custom role deleted': async ({ team, ada, customRoleId }) =>
    deleteCustomRole(await team.as(ada), { id: customRoleId }),
  'the account reactivated': async ({ team, ada, bot }) => reactivateServiceAccount(await team.as(ada), { id: bot }),
  'the account deleted': async ({ team, ada, bot }) => deleteServiceAccount(await team.as(ada), { id: bot }),
  'a step added': async ({ team, carol, workflowId, key, stepId }) =>
    setWorkflowSteps(await team.as(carol), { id: workflowId, steps: [sendStep(key, stepId), codeStep] }),
  'a copy made': async ({ team, carol, workflowId }) =>
    duplicateWorkflow(await team.as(carol), { id: workflowId, name: 'Copy' }),
  'a step of it tested': async ({ team, carol, workflowId, key, stepId }) =>
    testAction(await team.as(carol), { workflowId, step: sendStep(key, stepId) }),
  'it activated': async ({ team, carol, workflowId }) => activateWorkflow(await team.as(carol), { id: workflowId }),
  'it deactivated': async ({ team, carol, workflowId }) => deactivateWorkflow(await team.as(carol), { id: workflowId }),
  'the workflow deleted': async ({ team, carol, workflowId }) =>
    deleteWorkflow(await team.as(carol), { id: workflowId }),
} as const satisfies Record<string, Act>;

/** What is refused after which tampering, and the row that the error names. */
const refusals: readonly [
  what: keyof typeof tamperings,
  table: string,
  id: (scene: Scene) => string,
  never: readonly (keyof typeof acts)[],
][] = [
  [
    'a planted grant',
    'secret_key',
    ({ key }) => key,
    [
      'its use changed by the one who planted it',
      'its use changed',
      'its access changed',
      'its value replaced',
      'it deleted',
      'its access explained',
      'a step with it saved',
      'a step with it tested',
      'another key put in its place',
      'its workflow run',
      'the group deleted',
    ],
  ],
  ['a grant that was taken away', 'secret_key', ({ key }) => key, ['its use changed', 'its access changed']],
  ['a grant that was made Manage', 'secret_key', ({ key }) => key, ['its use changed', 'its value replaced']],
  ['another level', 'secret_key', ({ key }) => key, ['its use changed', 'a step with it saved']],
  ['other hosts', 'secret_key', ({ key }) => key, ['its access changed', 'its workflow run']],
  ['another expiry', 'secret_key', ({ key }) => key, ['its access changed', 'its workflow run']],
  ['another creator', 'secret_key', ({ key }) => key, ['its access changed', 'its workflow run']],
  ['another version of the value', 'secret_key', ({ key }) => key, ['its value replaced', 'it deleted']],
  ['a key that was brought back', 'secret_key', ({ deleted }) => deleted, ['the use of what was deleted changed']],
  ['another day of deletion', 'secret_key', ({ deleted }) => deleted, ['it restored']],
  ['a planted grant on a deleted key', 'secret_key', ({ deleted }) => deleted, ['it restored']],
  [
    'a planted role',
    'grantee',
    ({ bob }) => bob,
    ['them given a role', 'them deactivated', 'them put into a group', 'the custom role deleted'],
  ],
  ['no role at all', 'grantee', ({ bob }) => bob, ['them given a role', 'them deactivated']],
  ['another state', 'grantee', ({ bob }) => bob, ['them reactivated']],
  ['another revision', 'grantee', ({ bob }) => bob, ['them deactivated']],
  [
    'a planted membership',
    'grantee',
    ({ bob }) => bob,
    ['them given a role', 'them deactivated', 'them taken out of a group', 'the group deleted'],
  ],
  ['a membership that was taken away', 'grantee', ({ carol }) => carol, ['them put back into the group']],
  ['a planted holder of a custom role', 'grantee', ({ carol }) => carol, ['the custom role deleted']],
  [
    'a custom role that was taken away',
    'grantee',
    ({ bob }) => bob,
    ['them deactivated', 'them given the custom role again'],
  ],
  [
    'other permission sets',
    'custom_role',
    ({ customRoleId }) => customRoleId,
    ['the custom role renamed', 'the custom role deleted', 'it given to somebody'],
  ],
  [
    'another state of a service account',
    'grantee',
    ({ bot }) => bot,
    ['the account reactivated', 'the account deleted'],
  ],
  ['a service account in a group', 'grantee', ({ bot }) => bot, ['the account deleted', 'the group deleted']],
  [
    'other steps',
    'workflow_version',
    ({ workflowId }) => workflowId,
    ['its workflow run', 'a step added', 'a copy made', 'a step of it tested', 'another key put in its place'],
  ],
  [
    'another state of a workflow',
    'workflow',
    ({ workflowId }) => workflowId,
    ['its workflow run', 'it activated', 'a step added', 'the workflow deleted', 'another key put in its place'],
  ],
  [
    'another version of a workflow',
    'workflow',
    ({ workflowId }) => workflowId,
    ['its workflow run', 'it deactivated', 'a step added', 'a copy made'],
  ],
  ['another creator of a workflow', 'workflow', ({ workflowId }) => workflowId, ['its workflow run', 'it deactivated']],
];

/** Who does not get in after which tampering, and the row that the error names. */
const strangers: readonly [
  what: keyof typeof tamperings,
  table: string,
  id: (scene: Scene) => string,
  who: 'bob' | 'carol' | 'mallory' | 'bot',
][] = [
  ['a planted role', 'grantee', ({ bob }) => bob, 'bob'],
  ['no role at all', 'grantee', ({ bob }) => bob, 'bob'],
  ['another revision', 'grantee', ({ bob }) => bob, 'bob'],
  ['a planted membership', 'grantee', ({ bob }) => bob, 'bob'],
  ['a membership that was taken away', 'grantee', ({ carol }) => carol, 'carol'],
  ['a planted holder of a custom role', 'grantee', ({ carol }) => carol, 'carol'],
  ['a custom role that was taken away', 'grantee', ({ bob }) => bob, 'bob'],
  ['other permission sets', 'custom_role', ({ customRoleId }) => customRoleId, 'bob'],
  ['a custom role that is gone', 'custom_role', ({ customRoleId }) => customRoleId, 'bob'],
  ['an identity of somebody else', 'identity', ({ ada }) => ada, 'bob'],
  ['a planted identity', 'identity', ({ bob }) => bob, 'mallory'],
  ['a service account in a group', 'grantee', ({ bot }) => bot, 'bot'],
  ['a token of another account', 'service_account_token', ({ tokenId }) => tokenId, 'bot'],
  ['a later expiry of a token', 'service_account_token', ({ tokenId }) => tokenId, 'bot'],
];

for (const [databaseName, serverUrl] of testDatabases()) {
  describe(`a row that the api did not sign, on ${databaseName}`, () => {
    let fixture: VerbFixture;

    before(async () => {
      fixture = await openVerbFixture(serverUrl);
    });
    after(() => fixture.close());

    async function newScene(): Promise<Scene> {
      const team = await fixture.organization();
      const ada = await team.person('Ada', 'ADMIN');
      const admin = await team.as(ada);
      const [bob, carol] = await Promise.all(
        ['bob', 'carol'].map(async (subject) => {
          const added = await addMember(admin, {
            name: subject,
            subject,
            issuer: `${testIssuer}/${team.id}`,
            role: 'MEMBER',
          });
          return added.member.id;
        }),
      );
      if (bob === undefined || carol === undefined) throw new Error('two members were added');
      const bot = await team.serviceAccount('bot');
      const ops = await team.group('Ops', carol);
      const { customRole } = await createCustomRole(admin, { name: 'Extra', permissionSets: offered(team, 1) });
      await assignCustomRole(admin, { customRoleId: customRole.id, granteeId: bob });
      const created = await createServiceAccountToken(admin, { serviceAccountId: bot, name: 'CI' });
      const key = await team.key(carol, 'Key', [{ granteeId: ops, permission: 'USE' }]);
      const other = await team.key(carol, 'Other');
      const deleted = await team.key(carol, 'Deleted');
      const ctx = await team.as(carol);
      await deleteSecretKey(ctx, { id: deleted });
      const { workflow } = await createWorkflow(ctx, { name: 'Flow', activate: true, steps: [] });
      await setWorkflowSteps(ctx, { id: workflow.id, steps: [sendStep(key)] });
      const [version] = await fixture.services.database.query(
        'SELECT steps FROM workflow_version WHERE organization_id = ? AND version = 2',
        [team.id],
      );
      fixture.clock.now += 1_000;
      return {
        team,
        ada,
        bob,
        carol,
        bot,
        ops,
        token: created.token ?? '',
        tokenId: created.serviceAccountToken.id,
        customRoleId: customRole.id,
        key,
        other,
        deleted,
        workflowId: workflow.id,
        stepId: JSON.parse(String(version?.steps))[0].id,
      };
    }

    const tamper = (scene: Scene, what: keyof typeof tamperings) => {
      const [sql, parameters]: Tampering = tamperings[what];
      return write(sql, parameters(scene));
    };
    const write = (sql: string, parameters: readonly unknown[]) =>
      fixture.services.database.transaction((tx) => tx.query(sql, parameters));

    /** Every row of the organization. */
    async function rowsOf({ team }: Scene): Promise<Record<string, Row[]>> {
      const { database } = fixture.services;
      const rows: Record<string, Row[]> = {};
      for (const { name } of await database.query(tableNames(database.dialect))) {
        const table = String(name);
        if (table === 'migration' || table === 'organization') continue;
        rows[table] = await database.query(`SELECT * FROM ${table} WHERE organization_id = ? ORDER BY 1, 2, 3`, [
          team.id,
        ]);
      }
      return rows;
    }

    /** The row that an attempt founders on, as the log names it. */
    async function foundersOn(attempt: Promise<unknown>): Promise<object> {
      const error = await attempt.then(
        () => new Error('nothing was refused'),
        (reason: unknown) => reason,
      );
      if (!(error instanceof UnsignedRowError)) throw error;
      const { code, table, id } = error;
      return { code, table, id };
    }

    const signIn = (scene: Scene, who: 'bob' | 'carol' | 'mallory' | 'bot') => {
      const { database, writer } = fixture.services;
      return who === 'bot'
        ? findServiceAccount(database, writer.verifier, scene.token, fixture.clock.now)
        : findPerson(database, writer.verifier, { issuer: `${testIssuer}/${scene.team.id}`, subject: who }, undefined);
    };

    for (const [what, table, id, never] of refusals) {
      for (const act of never) {
        it(`is never signed: ${what} does not let anybody have ${act}, and nothing is written`, async () => {
          const scene = await newScene();
          expect(await scene.team.flaws()).to.deep.equal([]);
          await tamper(scene, what);
          const before = await rowsOf(scene);
          expect(await foundersOn(acts[act](scene))).to.deep.equal({ code: 'INTERNAL', table, id: id(scene) });
          expect(await rowsOf(scene)).to.deep.equal(before);
        });
      }
    }

    for (const [what, table, id, who] of strangers) {
      it(`lets nobody in: ${what} makes ${who} UNAUTHENTICATED`, async () => {
        const scene = await newScene();
        await tamper(scene, what);
        expect(await foundersOn(signIn(scene, who))).to.deep.equal({ code: 'UNAUTHENTICATED', table, id: id(scene) });
      });
    }

    it('is needed by nobody: without it everyone gets in, and everything above goes well', async () => {
      const scene = await newScene();
      for (const who of ['bob', 'carol', 'bot'] as const) expect((await signIn(scene, who))?.id).to.equal(scene[who]);
      const refused: string[] = [];
      for (const [name, act] of Object.entries(acts)) {
        const own = await newScene();
        const isOfPlanter = /planted|a step with it|what was deleted/.test(name);
        if (isOfPlanter) continue;
        await act(own).catch(() => refused.push(name));
        expect(await own.team.flaws()).to.deep.equal([]);
      }
      expect(refused).to.deep.equal([]);
    });

    it('does not bring a revoked token back, whose account goes on with others', async () => {
      const scene = await newScene();
      const { team, ada, bot, tokenId } = scene;
      await revokeServiceAccountToken(await team.as(ada), { serviceAccountId: bot, id: tokenId });
      await write('UPDATE service_account_token SET revoked_at = NULL WHERE organization_id = ?', [team.id]);
      expect(await foundersOn(signIn(scene, 'bot'))).to.deep.equal({
        code: 'UNAUTHENTICATED',
        table: 'service_account_token',
        id: tokenId,
      });
      const { token } = await createServiceAccountToken(await team.as(ada), { serviceAccountId: bot, name: 'Next' });
      expect((await signIn({ ...scene, token: token ?? '' }, 'bot'))?.id).to.equal(bot);
    });

    it('can be revoked when it is a token that somebody planted', async () => {
      const { team, ada, bot, tokenId } = await newScene();
      const planted = newId<ServiceTokenId>();
      await write(
        `INSERT INTO service_account_token (organization_id, id, service_account_id, name, secret_hash, created_at, signature)
         SELECT organization_id, ?, service_account_id, name, ?, created_at, signature FROM service_account_token WHERE id = ?`,
        [planted, '0'.repeat(64), tokenId],
      );
      await revokeServiceAccountToken(await team.as(ada), { serviceAccountId: bot, id: planted });
      expect(await team.flaws()).to.deep.equal([]);
    });

    it('is no member for whoever asks what others may do: neither an editor nor one to explain', async () => {
      const scene = await newScene();
      const { team, ada, carol, key, workflowId } = scene;
      await setSecretAccess(await team.as(carol), {
        id: key,
        level: 'RESTRICTED',
        grants: [
          { granteeId: carol, permission: 'MANAGE' },
          { granteeId: ada, permission: 'USE' },
        ],
      });
      await write("UPDATE grantee SET role = 'ADMIN' WHERE organization_id = ? AND id = ?", [team.id, carol]);
      const refusal = async (attempt: Promise<unknown>) =>
        attempt.then(
          () => 'nothing was refused',
          (error: { readonly code: string }) => error.code,
        );
      expect(await refusal(runWorkflow(await team.as(ada), { workflowId }))).to.equal('FORBIDDEN');
      const question = { secretKeyId: key, granteeId: carol, action: 'use' } as const;
      expect(await refusal(explainSecretAccess(await team.as(ada), question))).to.equal('BAD_USER_INPUT');
    });
  });
}
