import { expect } from 'chai';
import { ApiError } from '../../src/errors.js';
import type { RequestContext } from '../../src/graphql/context.js';
import { type GranteeId, newId, type SecretKeyId } from '../../src/ids.js';
import { addGroupMember } from '../../src/modules/group/add-group-member.js';
import { createGroup } from '../../src/modules/group/create-group.js';
import { deleteGroup } from '../../src/modules/group/delete-group.js';
import { group } from '../../src/modules/group/group.js';
import { Group } from '../../src/modules/group/group.type.js';
import { listGroupMembers } from '../../src/modules/group/list-group-members.js';
import { listGroups } from '../../src/modules/group/list-groups.js';
import { removeGroupMember } from '../../src/modules/group/remove-group-member.js';
import { updateGroup } from '../../src/modules/group/update-group.js';
import { addMember } from '../../src/modules/member/add-member.js';
import { deactivateMember } from '../../src/modules/member/deactivate-member.js';
import { listMembers } from '../../src/modules/member/list-members.js';
import { member } from '../../src/modules/member/member.js';
import { Member } from '../../src/modules/member/member.type.js';
import { memberGroups } from '../../src/modules/member/member-groups.js';
import { memberIdentities } from '../../src/modules/member/member-identities.js';
import { reactivateMember } from '../../src/modules/member/reactivate-member.js';
import { setMemberRole } from '../../src/modules/member/set-member-role.js';
import { updateMember } from '../../src/modules/member/update-member.js';
import { findPerson, findServiceAccount } from '../../src/modules/organization/find-principal.js';
import { deleteSecretKey } from '../../src/modules/secret-key/delete-secret-key.js';
import { SecretKeyEntity } from '../../src/modules/secret-key/secret-key.entity.js';
import { setSecretAccess } from '../../src/modules/secret-key/set-secret-access.js';
import { createServiceAccount } from '../../src/modules/service-account/create-service-account.js';
import { createServiceAccountToken } from '../../src/modules/service-account/create-service-account-token.js';
import { deactivateServiceAccount } from '../../src/modules/service-account/deactivate-service-account.js';
import { deleteServiceAccount } from '../../src/modules/service-account/delete-service-account.js';
import { listServiceAccounts } from '../../src/modules/service-account/list-service-accounts.js';
import { reactivateServiceAccount } from '../../src/modules/service-account/reactivate-service-account.js';
import { revokeServiceAccountToken } from '../../src/modules/service-account/revoke-service-account-token.js';
import { serviceAccount } from '../../src/modules/service-account/service-account.js';
import { serviceAccountTokens } from '../../src/modules/service-account/service-account-tokens.js';
import { updateServiceAccount } from '../../src/modules/service-account/update-service-account.js';
import {
  openVerbFixture,
  refusalOf,
  type TestOrganization,
  testDatabases,
  testIssuer,
  type VerbFixture,
} from '../support/verb-fixture.js';

/** `done` or the code of the refusal, in alphabetical order. */
function resultsOf(outcomes: readonly PromiseSettledResult<unknown>[]): string[] {
  const results = outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return 'done';
    if (outcome.reason instanceof ApiError) return outcome.reason.code;
    throw outcome.reason;
  });
  return results.sort();
}

for (const [databaseName, serverUrl] of testDatabases()) {
  describe(`administration of membership on ${databaseName}`, () => {
    let fixture: VerbFixture;
    let team: TestOrganization;
    let ada: GranteeId;
    let start: { readonly sequence: number; readonly membershipVersion: number };

    before(async () => {
      fixture = await openVerbFixture(serverUrl);
    });
    after(() => fixture.close());

    beforeEach(async () => {
      team = await fixture.organization();
      ada = await team.person('Ada', 'ADMIN');
      await begin();
    });
    // Whatever a test did: every row is signed as it stands, lists follow the grants and the audit chain holds.
    afterEach(async () => {
      expect(await team.flaws()).to.deep.equal([]);
    });

    /** What is set up until here is not what the test is about. A later instant tells it from what follows. */
    async function begin(): Promise<void> {
      start = await team.state();
      fixture.clock.now += 1_000;
    }
    const admin = (idempotencyKey?: string): Promise<RequestContext> => team.as(ada, idempotencyKey);
    const events = () => team.events(start.sequence);
    const expectNothingWritten = async () => expect(await team.state()).to.deep.equal(start);
    const versions = async () => (await team.state()).membershipVersion - start.membershipVersion;

    describe('of members', () => {
      it('lets a person in who was added, in the role that they were given', async () => {
        const outcome = await addMember(await admin(), {
          name: ' Max  Member ',
          email: ' max@test.invalid ',
          role: 'MEMBER',
          subject: 'max|1',
        });
        const { id } = outcome.member;
        expect(outcome).to.deep.equal({
          member: {
            organizationId: team.id,
            id,
            name: 'Max  Member',
            email: 'max@test.invalid',
            role: 'MEMBER',
            state: 'ACTIVE',
            createdAt: fixture.clock.now,
            updatedAt: fixture.clock.now,
          },
        });
        expect(
          await findPerson(
            fixture.services.database,
            fixture.services.writer.verifier,
            { issuer: testIssuer, subject: 'max|1' },
            undefined,
          ),
        ).to.deep.equal({
          kind: 'PERSON',
          id,
          organizationId: team.id,
          name: 'Max  Member',
          role: 'MEMBER',
          permissionSets: [],
          groupIds: [],
          granteeIds: [id, team.id],
        });
        expect(await events()).to.deep.equal([
          {
            type: 'member.added',
            actor: 'Ada',
            subject: { type: 'Member', id, name: 'Max  Member' },
            details: { role: 'MEMBER', email: 'max@test.invalid', issuer: testIssuer, subject: 'max|1' },
            rule: 'member/administer',
          },
        ]);
        expect(await versions()).to.equal(1);
      });

      it('names every field of a new member that is wrong, and quotes none of them', async () => {
        const ctx = await admin();
        const problems = await refusalOf(
          addMember(
            { ...ctx, services: { ...ctx.services, defaultIssuer: null } },
            { name: ' ', email: 'canary', role: 'MEMBER', subject: ' canary' },
          ),
        );
        expect(problems).to.deep.equal({
          code: 'BAD_USER_INPUT',
          fields: [
            { field: 'input.name', message: 'must have 1 to 120 characters' },
            { field: 'input.email', message: 'must be an address such as name@example.com' },
            {
              field: 'input.subject',
              message: 'must have 1 to 255 printable ASCII characters, no space at either end',
            },
            { field: 'input.issuer', message: 'is required, because no identity provider is configured' },
          ],
        });
        for (const email of ['a@b@c', '@test.invalid', 'a b@test.invalid', `${'a'.repeat(254)}@b`]) {
          const refusal = await refusalOf(addMember(ctx, { name: 'Max', email, role: 'MEMBER', subject: 'max' }));
          expect(refusal.code).to.equal('BAD_USER_INPUT');
        }
        await expectNothingWritten();
      });

      it('refuses an identity that is a member already, also a deactivated one, but not in another organization', async () => {
        const input = { name: 'Max', role: 'MEMBER', subject: 'max|2', issuer: 'https://other.test.invalid' } as const;
        const { member } = await addMember(await admin(), input);
        await deactivateMember(await admin(), { id: member.id });
        start = await team.state();
        expect(await refusalOf(addMember(await admin(), { ...input, name: 'Moritz' }))).to.deep.equal({
          code: 'CONFLICT',
        });
        await expectNothingWritten();

        const elsewhere = await fixture.organization();
        const eve = await elsewhere.person('Eve', 'ADMIN');
        const added = await addMember(await elsewhere.as(eve), input);
        expect(added.member.organizationId).to.equal(elsewhere.id);
        expect(await elsewhere.flaws()).to.deep.equal([]);
      });

      it('changes a name and an address, each alone, and nothing when they are the same', async () => {
        const max = await team.person('Max');
        await begin();
        const renamed = await updateMember(await admin(), { id: max, name: 'Maximilian' });
        expect(renamed.member).to.include({
          name: 'Maximilian',
          email: 'max@test.invalid',
          updatedAt: fixture.clock.now,
        });
        const found = await listMembers(await admin(), { search: 'maximilian' });
        expect(found.nodes.map(({ id }) => id)).to.deep.equal([max]);
        const without = await updateMember(await admin(), { id: max, email: null });
        expect(without.member).to.include({ name: 'Maximilian', email: null });
        const subject = { type: 'Member', id: max, name: 'Maximilian' };
        expect(await events()).to.deep.equal([
          {
            type: 'member.updated',
            actor: 'Ada',
            subject,
            details: {
              from: { name: 'Max', email: 'max@test.invalid' },
              to: { name: 'Maximilian', email: 'max@test.invalid' },
            },
            rule: 'member/administer',
          },
          {
            type: 'member.updated',
            actor: 'Ada',
            subject,
            details: {
              from: { name: 'Maximilian', email: 'max@test.invalid' },
              to: { name: 'Maximilian', email: null },
            },
            rule: 'member/administer',
          },
        ]);
        expect(await versions()).to.equal(2);

        start = await team.state();
        expect(await updateMember(await admin(), { id: max, name: 'Maximilian', email: null })).to.deep.equal(without);
        await expectNothingWritten();
      });

      it('gives a member another role, which holds on their next request', async () => {
        const max = await team.person('Max');
        await begin();
        const { member } = await setMemberRole(await admin(), { id: max, role: 'ADMIN' });
        expect(member).to.include({ role: 'ADMIN', updatedAt: fixture.clock.now });
        expect((await team.as(max)).principal.role).to.equal('ADMIN');
        expect(await events()).to.deep.equal([
          {
            type: 'member.roleChanged',
            actor: 'Ada',
            subject: { type: 'Member', id: max, name: 'Max' },
            details: { from: 'MEMBER', to: 'ADMIN' },
            rule: 'member/administer',
          },
        ]);
        expect(await versions()).to.equal(1);

        start = await team.state();
        await setMemberRole(await admin(), { id: max, role: 'ADMIN' });
        await expectNothingWritten();
      });

      it('lets a deactivated member in no longer, keeps their groups and grants, and brings all of it back', async () => {
        const { member } = await addMember(await admin(), { name: 'Max', role: 'MEMBER', subject: 'max|3' });
        const ops = await team.group('Ops', member.id);
        const key = await team.key(ada, 'Key', [{ granteeId: member.id, permission: 'USE' }]);
        const signIn = () =>
          findPerson(
            fixture.services.database,
            fixture.services.writer.verifier,
            { issuer: testIssuer, subject: 'max|3' },
            undefined,
          );
        await begin();

        const gone = await deactivateMember(await admin(), { id: member.id });
        expect(gone).to.deep.equal({ member: { ...member, state: 'DEACTIVATED', updatedAt: fixture.clock.now } });
        expect(await signIn()).to.equal(null);
        expect(await team.grants(key)).to.have.deep.members([
          { granteeId: ada, permission: 'MANAGE' },
          { granteeId: member.id, permission: 'USE' },
        ]);
        expect(await deactivateMember(await admin(), { id: member.id })).to.deep.equal(gone);

        await reactivateMember(await admin(), { id: member.id });
        await reactivateMember(await admin(), { id: member.id });
        expect((await signIn())?.granteeIds).to.deep.equal([member.id, ops, team.id]);
        const event = {
          actor: 'Ada',
          subject: { type: 'Member', id: member.id, name: 'Max' },
          rule: 'member/administer',
        };
        expect(await events()).to.deep.equal([
          { ...event, type: 'member.deactivated', details: { from: 'ACTIVE', to: 'DEACTIVATED' } },
          { ...event, type: 'member.reactivated', details: { from: 'DEACTIVATED', to: 'ACTIVE' } },
        ]);
        expect(await versions()).to.equal(2);
      });

      it('keeps one active administrator', async () => {
        const gone = await team.person('Gone', 'ADMIN');
        await deactivateMember(await admin(), { id: gone });
        start = await team.state();
        const ctx = await admin();
        const refusal = { code: 'LAST_MANAGER' };
        expect(await refusalOf(deactivateMember(ctx, { id: ada }))).to.deep.equal(refusal);
        expect(await refusalOf(setMemberRole(ctx, { id: ada, role: 'MEMBER' }))).to.deep.equal(refusal);
        expect(await refusalOf(setMemberRole(ctx, { id: ada, role: 'AUDITOR' }))).to.deep.equal(refusal);
        await expectNothingWritten();

        expect((await setMemberRole(ctx, { id: gone, role: 'MEMBER' })).member.role).to.equal('MEMBER');
        const bea = await team.person('Bea', 'ADMIN');
        expect((await deactivateMember(await team.as(bea), { id: ada })).member.state).to.equal('DEACTIVATED');
      });

      it('keeps one of two administrators who take the role from each other at the same time', async () => {
        const bea = await team.person('Bea', 'ADMIN');
        const [byAda, byBea] = [await admin(), await team.as(bea)];
        const outcomes = await Promise.allSettled([
          setMemberRole(byAda, { id: bea, role: 'MEMBER' }),
          setMemberRole(byBea, { id: ada, role: 'MEMBER' }),
        ]);
        expect(resultsOf(outcomes)).to.deep.equal(['LAST_MANAGER', 'done']);
      });
    });

    describe('keeps keys managed', () => {
      const name = (ids: readonly (readonly [SecretKeyId, string])[]) => ({
        code: 'LAST_MANAGER',
        secretKeys: ids.map(([id, keyName]) => ({ id, name: keyName })),
      });

      it('by not losing the only manager of a key, in any of the ways in which that can happen', async () => {
        const [mia, olaf] = [await team.person('Mia'), await team.person('Olaf')];
        const ops = await team.group('Ops', olaf);
        const alone = await team.key(mia, 'Alone');
        const through = await team.key(mia, 'Through Ops', [{ granteeId: ops, permission: 'MANAGE' }]);
        await setSecretAccess(await admin(), {
          id: through,
          level: 'RESTRICTED',
          grants: [{ granteeId: ops, permission: 'MANAGE' }],
        });
        await begin();
        const ctx = await admin();
        const [ofMia, ofOps] = [name([[alone, 'Alone']]), name([[through, 'Through Ops']])];
        expect(await refusalOf(deactivateMember(ctx, { id: mia }))).to.deep.equal(ofMia);
        expect(await refusalOf(setMemberRole(ctx, { id: mia, role: 'AUDITOR' }))).to.deep.equal(ofMia);
        expect(await refusalOf(deactivateMember(ctx, { id: olaf }))).to.deep.equal(ofOps);
        expect(await refusalOf(setMemberRole(ctx, { id: olaf, role: 'AUDITOR' }))).to.deep.equal(ofOps);
        expect(await refusalOf(removeGroupMember(ctx, { groupId: ops, memberId: olaf }))).to.deep.equal(ofOps);
        expect(await refusalOf(deleteGroup(ctx, { id: ops }))).to.deep.equal(ofOps);
        await expectNothingWritten();

        expect((await setMemberRole(ctx, { id: mia, role: 'ADMIN' })).member.role).to.equal('ADMIN');
      });

      it('and counts neither a deactivated person, nor an auditor, nor a service account as a manager', async () => {
        const people = {
          mia: await team.person('Mia'),
          gone: await team.person('Gone'),
          uma: await team.person('Uma', 'AUDITOR'),
        };
        const bot = await team.serviceAccount('bot');
        const ops = await team.group('Ops', people.uma, people.gone);
        const managers = [people.gone, people.uma, bot, ops];
        const key = await team.key(
          people.mia,
          'Key',
          managers.map((granteeId) => ({ granteeId, permission: 'MANAGE' })),
        );
        await deactivateMember(await admin(), { id: people.gone });
        await begin();
        expect(await refusalOf(deactivateMember(await admin(), { id: people.mia }))).to.deep.equal(
          name([[key, 'Key']]),
        );
        await expectNothingWritten();
        // Losing those who do not count leaves no key worse off.
        await deactivateMember(await admin(), { id: people.uma });
        await removeGroupMember(await admin(), { groupId: ops, memberId: people.gone });
        await deleteGroup(await admin(), { id: ops });
        await deleteServiceAccount(await admin(), { id: bot });
      });

      it('but lets somebody go whose keys have another manager, directly or through a group they stay in', async () => {
        const [mia, olaf] = [await team.person('Mia'), await team.person('Olaf')];
        const [ops, dev] = [await team.group('Ops', mia, olaf), await team.group('Dev', mia)];
        await team.key(mia, 'Shared', [{ granteeId: ops, permission: 'MANAGE' }]);
        await team.key(mia, 'Direct', [{ granteeId: dev, permission: 'MANAGE' }]);
        expect(await refusalOf(deactivateMember(await admin(), { id: mia }))).to.have.nested.property(
          'secretKeys.length',
          1,
        );
        await removeGroupMember(await admin(), { groupId: ops, memberId: mia });
        await deleteGroup(await admin(), { id: dev });
        await deactivateMember(await admin(), { id: olaf });
      });

      it('but not deleted ones, which get a manager when they are restored', async () => {
        const mia = await team.person('Mia');
        const key = await team.key(mia, 'Deleted');
        await deleteSecretKey(await team.as(mia), { id: key });
        expect((await deactivateMember(await admin(), { id: mia })).member.state).to.equal('DEACTIVATED');
      });

      it('and names at most 10 of them by name, and none to somebody who may not see every key', async () => {
        const mia = await team.person('Mia');
        for (let number = 11; number >= 1; number--) await team.key(mia, `Key ${String(number).padStart(2, '0')}`);
        const ctx = await admin();
        const refusal = await refusalOf(deactivateMember(ctx, { id: mia }));
        const names = (refusal.secretKeys as { name: string }[]).map((key) => key.name);
        expect(names).to.deep.equal(
          Array.from({ length: 10 }, (_, index) => `Key ${String(index + 1).padStart(2, '0')}`),
        );

        const narrow = Object.assign(Object.create(ctx.authz) as typeof ctx.authz, {
          accessibleBy: () => ({ kind: 'none' }) as const,
        });
        expect(await refusalOf(deactivateMember({ ...ctx, authz: narrow }, { id: mia }))).to.deep.equal({
          code: 'LAST_MANAGER',
        });
      });

      it('when one manager leaves while the other is taken off the key', async () => {
        const [mia, olaf] = [await team.person('Mia'), await team.person('Olaf')];
        const key = await team.key(mia, 'Key', [{ granteeId: olaf, permission: 'MANAGE' }]);
        const [byAda, byMia] = [await admin(), await team.as(mia)];
        const outcomes = await Promise.allSettled([
          deactivateMember(byAda, { id: olaf }),
          setSecretAccess(byMia, { id: key, level: 'RESTRICTED', grants: [{ granteeId: olaf, permission: 'MANAGE' }] }),
        ]);
        expect(resultsOf(outcomes)).to.deep.equal(['LAST_MANAGER', 'done']);
      });
    });

    describe('of groups', () => {
      it('creates a group and changes its name and description', async () => {
        const created = await createGroup(await admin(), { name: ' Ops ', description: 'On call.' });
        const { id } = created.group;
        const group = { organizationId: team.id, id, name: 'Ops', description: 'On call.' };
        expect(created).to.deep.equal({
          group: { ...group, createdAt: fixture.clock.now, updatedAt: fixture.clock.now },
        });
        const createdAt = fixture.clock.now;
        fixture.clock.now += 1_000;
        const updated = await updateGroup(await admin(), { id, name: 'OPS', description: null });
        expect(updated).to.deep.equal({
          group: { ...group, name: 'OPS', description: null, createdAt, updatedAt: fixture.clock.now },
        });
        expect(await updateGroup(await admin(), { id })).to.deep.equal(updated);
        expect(await events()).to.deep.equal([
          {
            type: 'group.created',
            actor: 'Ada',
            subject: { type: 'Group', id, name: 'Ops' },
            details: { description: 'On call.' },
            rule: 'group/administer',
          },
          {
            type: 'group.updated',
            actor: 'Ada',
            subject: { type: 'Group', id, name: 'OPS' },
            details: { from: { name: 'Ops', description: 'On call.' }, to: { name: 'OPS', description: null } },
            rule: 'group/administer',
          },
        ]);
        expect(await versions()).to.equal(2);
      });

      it('keeps names unique for each kind, without regard to case, until they are free again', async () => {
        const ctx = await admin();
        const { group } = await createGroup(ctx, { name: 'Straße' });
        const { group: other } = await createGroup(ctx, { name: 'Other' });
        const { serviceAccount } = await createServiceAccount(ctx, { name: 'Straße' });
        await deactivateServiceAccount(ctx, { id: serviceAccount.id });
        const before = await team.state();
        expect(await refusalOf(createGroup(ctx, { name: 'STRASSE' }))).to.deep.equal({ code: 'CONFLICT' });
        expect(await refusalOf(updateGroup(ctx, { id: other.id, name: ' strasse' }))).to.deep.equal({
          code: 'CONFLICT',
        });
        expect(await refusalOf(createServiceAccount(ctx, { name: 'strasse' }))).to.deep.equal({ code: 'CONFLICT' });
        expect(await team.state()).to.deep.equal(before);

        await deleteGroup(ctx, { id: group.id });
        await deleteServiceAccount(ctx, { id: serviceAccount.id });
        expect((await createGroup(ctx, { name: 'strasse' })).group.name).to.equal('strasse');
        expect((await createServiceAccount(ctx, { name: 'strasse' })).serviceAccount.name).to.equal('strasse');
      });

      it('creates one of two groups of the same name that are asked for at the same time', async () => {
        const ctx = await admin();
        const outcomes = await Promise.allSettled([
          createGroup(ctx, { name: 'Ops' }),
          createGroup(ctx, { name: 'ops' }),
        ]);
        expect(resultsOf(outcomes)).to.deep.equal(['CONFLICT', 'done']);
      });

      it('puts a member into a group and takes them out again, each once however often it is asked', async () => {
        const max = await team.person('Max');
        const ops = await team.group('Ops');
        await begin();
        const ids = { groupId: ops, memberId: max };
        const added = await addGroupMember(await admin(), ids);
        expect(added.group).to.include({ id: ops, name: 'Ops' });
        expect(added.member).to.include({ id: max, name: 'Max' });
        expect(await addGroupMember(await admin(), ids)).to.deep.equal(added);
        expect((await team.as(max)).principal.groupIds).to.deep.equal([ops]);
        expect(await team.flaws()).to.deep.equal([]);

        expect(await removeGroupMember(await admin(), ids)).to.deep.equal(added);
        expect(await removeGroupMember(await admin(), ids)).to.deep.equal(added);
        expect((await team.as(max)).principal.groupIds).to.deep.equal([]);
        const event = {
          actor: 'Ada',
          subject: { type: 'Group', id: ops, name: 'Ops' },
          details: { member: { id: max, name: 'Max' } },
          rule: 'group/administer',
        };
        expect(await events()).to.deep.equal([
          { ...event, type: 'group.memberAdded' },
          { ...event, type: 'group.memberRemoved' },
        ]);
        expect(await versions()).to.equal(2);
      });

      it('shows what each of several changes of one request left behind', async () => {
        const max = await team.person('Max');
        const ops = await team.group('Ops');
        const ctx = await admin();
        const ids = { groupId: ops, memberId: max };
        const shown: unknown[] = [];
        for (const change of [addGroupMember, removeGroupMember]) {
          const outcome = await change(ctx, ids);
          const members = await listGroupMembers(ctx, new Group(outcome.group), {});
          const groups = await memberGroups(ctx, new Member(outcome.member));
          shown.push([members.nodes.map(({ name }) => name), await members.count(), groups.map(({ name }) => name)]);
        }
        expect(shown).to.deep.equal([
          [['Max'], 1, ['Ops']],
          [[], 0, []],
        ]);
      });

      it('takes the grants of a deleted group from every key, with a signed revision and a record for each', async () => {
        const max = await team.person('Max');
        const ops = await team.group('Ops', max);
        const used = await team.key(ada, 'Used', [{ granteeId: ops, permission: 'USE' }]);
        const managed = await team.key(ada, 'Managed', [
          { granteeId: ops, permission: 'MANAGE' },
          { granteeId: max, permission: 'USE' },
        ]);
        const untouched = await team.key(ada, 'Untouched');
        const deleted = await team.key(ada, 'Deleted', [{ granteeId: ops, permission: 'USE' }]);
        await deleteSecretKey(await admin(), { id: deleted });
        await begin();

        expect(await deleteGroup(await admin(), { id: ops })).to.deep.equal({ deletedId: ops });
        const creator = { granteeId: ada, permission: 'MANAGE' };
        expect(await team.grants(used)).to.deep.equal([creator]);
        expect(await team.grants(managed)).to.have.deep.members([creator, { granteeId: max, permission: 'USE' }]);
        const revisionOf = async (id: SecretKeyId) =>
          (await fixture.services.database.read(SecretKeyEntity, { organizationId: team.id, id }))?.accessRevision;
        expect([await revisionOf(used), await revisionOf(managed), await revisionOf(untouched)]).to.deep.equal([
          2, 2, 1,
        ]);

        const recorded = await events();
        expect(recorded.map(({ type, subject, rule }) => ({ type, name: subject.name, rule }))).to.deep.equal([
          ...[used, managed].sort().map((id) => ({
            type: 'secretKey.accessChanged',
            name: id === used ? 'Used' : 'Managed',
            rule: 'group/administer',
          })),
          { type: 'group.deleted', name: 'Ops', rule: 'group/administer' },
        ]);
        expect(recorded.find(({ subject }) => subject.id === used)?.details).to.deep.equal({
          from: { level: 'RESTRICTED', grants: [creator, { granteeId: ops, permission: 'USE' }] },
          to: { level: 'RESTRICTED', grants: [creator] },
          cause: 'group.deleted',
        });
        expect(recorded.at(-1)?.details).to.deep.equal({ memberIds: [max] });
        // One for the member who was in it, one for the group itself.
        expect(await versions()).to.equal(2);

        const ctx = await admin();
        expect(await group(ctx, ops)).to.equal(null);
        expect((await team.as(max)).principal.groupIds).to.deep.equal([]);
        expect(await ctx.loaders.grantees.load(ops)).to.include({ name: 'Ops', state: 'DELETED' });
        expect(await refusalOf(deleteGroup(ctx, { id: ops }))).to.deep.equal({ code: 'NOT_FOUND' });
      });
    });

    describe('of service accounts', () => {
      const signIn = (token: string | null) =>
        findServiceAccount(fixture.services.database, fixture.services.writer.verifier, token ?? '', fixture.clock.now);
      const unauthenticated = { code: 'UNAUTHENTICATED' };

      it('creates a service account and changes its name and description', async () => {
        const created = await createServiceAccount(await admin(), { name: 'bot', description: 'Deploys.' });
        const { id } = created.serviceAccount;
        expect(created).to.deep.equal({
          serviceAccount: {
            organizationId: team.id,
            id,
            name: 'bot',
            description: 'Deploys.',
            state: 'ACTIVE',
            createdById: ada,
            createdAt: fixture.clock.now,
            updatedAt: fixture.clock.now,
          },
        });
        const updated = await updateServiceAccount(await admin(), { id, name: 'robot' });
        expect(updated.serviceAccount).to.include({ name: 'robot', description: 'Deploys.' });
        expect(await updateServiceAccount(await admin(), { id, description: 'Deploys.' })).to.deep.equal(updated);
        expect(await events()).to.deep.equal([
          {
            type: 'serviceAccount.created',
            actor: 'Ada',
            subject: { type: 'ServiceAccount', id, name: 'bot' },
            details: { description: 'Deploys.' },
            rule: 'service-account/administer',
          },
          {
            type: 'serviceAccount.updated',
            actor: 'Ada',
            subject: { type: 'ServiceAccount', id, name: 'robot' },
            details: { from: { name: 'bot', description: 'Deploys.' }, to: { name: 'robot', description: 'Deploys.' } },
            rule: 'service-account/administer',
          },
        ]);
        expect(await versions()).to.equal(2);
      });

      it('lets a token in until it is revoked, once however often it is asked', async () => {
        const bot = await team.serviceAccount('bot');
        await begin();
        const expiresAt = fixture.clock.now + 60_000;
        const { token, ...outcome } = await createServiceAccountToken(await admin(), {
          serviceAccountId: bot,
          name: 'CI',
          expiresAt,
        });
        const { id } = outcome.serviceAccountToken;
        expect(outcome).to.deep.equal({
          serviceAccountToken: {
            organizationId: team.id,
            id,
            serviceAccountId: bot,
            name: 'CI',
            expiresAt,
            lastUsedAt: null,
            revokedAt: null,
            createdById: ada,
            createdAt: fixture.clock.now,
          },
        });
        expect(await signIn(token)).to.deep.equal({
          kind: 'SERVICE_ACCOUNT',
          id: bot,
          organizationId: team.id,
          name: 'bot',
          role: null,
          permissionSets: [],
          groupIds: [],
          granteeIds: [bot, team.id],
        });
        const usedAt = fixture.clock.now;
        fixture.clock.now += 1_000;
        const ids = { id, serviceAccountId: bot };
        const revoked = await revokeServiceAccountToken(await admin(), ids);
        const record = { ...outcome.serviceAccountToken, lastUsedAt: usedAt, revokedAt: fixture.clock.now };
        expect(revoked).to.deep.equal({ serviceAccountToken: record });
        fixture.clock.now += 1_000;
        expect(await revokeServiceAccountToken(await admin(), ids)).to.deep.equal(revoked);
        expect(await refusalOf(signIn(token))).to.deep.equal(unauthenticated);
        const event = {
          actor: 'Ada',
          subject: { type: 'ServiceAccount', id: bot, name: 'bot' },
          rule: 'service-account/administer',
        };
        expect(await events()).to.deep.equal([
          { ...event, type: 'serviceAccount.tokenCreated', details: { token: { id, name: 'CI', expiresAt } } },
          { ...event, type: 'serviceAccount.tokenRevoked', details: { token: { id, name: 'CI' } } },
        ]);
        const [shown] = await serviceAccountTokens(await admin(), await accountOf(bot));
        expect(shown?.record).to.deep.equal(record);
      });

      it('gives a token once, also when the request is repeated, and keeps it nowhere', async () => {
        const bot = await team.serviceAccount('bot');
        const input = { serviceAccountId: bot, name: 'CI', clientMutationId: 'once' };
        const first = await createServiceAccountToken(await admin(), input);
        const second = await createServiceAccountToken(await admin(), input);
        expect(first.token).to.match(/^ns_[0-9A-Za-z]{92}$/);
        expect(second).to.deep.equal({ ...first, token: null });

        const [row] = await fixture.services.database.query(
          'SELECT secret_hash FROM service_account_token WHERE organization_id = ?',
          [team.id],
        );
        for (const table of ['audit_event', 'idempotent_answer', 'service_account_token']) {
          const stored = await fixture.services.database.query(`SELECT * FROM ${table} WHERE organization_id = ?`, [
            team.id,
          ]);
          const text = JSON.stringify(stored);
          expect(stored.length).to.be.greaterThan(0);
          expect(text).not.to.include(first.token);
          if (table !== 'service_account_token') expect(text).not.to.include(row?.secret_hash);
        }
      });

      it('gives the token that was stored when the transaction had to be run again', async () => {
        const bot = await team.serviceAccount('bot');
        const { database } = fixture.services;
        const transaction = database.transaction;
        let runs = 0;
        database.transaction = (work) =>
          transaction.call(database, async (tx) => {
            const result = await work(tx);
            runs += 1;
            if (runs === 1) throw Object.assign(new Error('busy'), { code: 'SQLITE_BUSY' });
            return result;
          }) as ReturnType<typeof work>;
        try {
          const { token } = await createServiceAccountToken(await admin(), { serviceAccountId: bot, name: 'CI' });
          expect((await signIn(token)).id).to.equal(bot);
        } finally {
          database.transaction = transaction;
        }
        expect(runs).to.be.greaterThan(1);
      });

      it('refuses a token without a name or with an expiry that has passed, naming the fields', async () => {
        const bot = await team.serviceAccount('bot');
        await begin();
        const input = { serviceAccountId: bot, name: '', expiresAt: fixture.clock.now };
        expect(await refusalOf(createServiceAccountToken(await admin(), input))).to.deep.equal({
          code: 'BAD_USER_INPUT',
          fields: [
            { field: 'input.name', message: 'must have 1 to 120 characters' },
            { field: 'input.expiresAt', message: 'must lie in the future' },
          ],
        });
        await expectNothingWritten();
      });

      it('lets a deactivated service account in no longer, and again with the same token once it is reactivated', async () => {
        const bot = await team.serviceAccount('bot');
        const { token } = await createServiceAccountToken(await admin(), { serviceAccountId: bot, name: 'CI' });
        await begin();
        for (let times = 0; times < 2; times++) {
          const { serviceAccount } = await deactivateServiceAccount(await admin(), { id: bot });
          expect(serviceAccount).to.include({ state: 'DEACTIVATED', updatedAt: fixture.clock.now });
        }
        expect(await refusalOf(signIn(token))).to.deep.equal(unauthenticated);
        expect(await team.flaws()).to.deep.equal([]);
        for (let times = 0; times < 2; times++) {
          expect((await reactivateServiceAccount(await admin(), { id: bot })).serviceAccount.state).to.equal('ACTIVE');
        }
        expect((await signIn(token)).id).to.equal(bot);
        const event = {
          actor: 'Ada',
          subject: { type: 'ServiceAccount', id: bot, name: 'bot' },
          rule: 'service-account/administer',
        };
        expect(await events()).to.deep.equal([
          { ...event, type: 'serviceAccount.deactivated', details: { from: 'ACTIVE', to: 'DEACTIVATED' } },
          { ...event, type: 'serviceAccount.reactivated', details: { from: 'DEACTIVATED', to: 'ACTIVE' } },
        ]);
        expect(await versions()).to.equal(2);
      });

      it('deletes a service account with its grants and revokes its tokens', async () => {
        const bot = await team.serviceAccount('bot');
        const key = await team.key(ada, 'Key', [{ granteeId: bot, permission: 'MANAGE' }]);
        const create = async () => createServiceAccountToken(await admin(), { serviceAccountId: bot, name: 'CI' });
        const [valid, revoked] = [await create(), await create()];
        await revokeServiceAccountToken(await admin(), { id: revoked.serviceAccountToken.id, serviceAccountId: bot });
        await begin();

        expect(await deleteServiceAccount(await admin(), { id: bot })).to.deep.equal({ deletedId: bot });
        expect(await refusalOf(signIn(valid.token))).to.deep.equal(unauthenticated);
        expect(await serviceAccount(await admin(), bot)).to.equal(null);
        const creator = { granteeId: ada, permission: 'MANAGE' };
        expect(await team.grants(key)).to.deep.equal([creator]);
        expect(await events()).to.deep.equal([
          {
            type: 'secretKey.accessChanged',
            actor: 'Ada',
            subject: { type: 'SecretKey', id: key, name: 'Key' },
            details: {
              from: { level: 'RESTRICTED', grants: [creator, { granteeId: bot, permission: 'MANAGE' }] },
              to: { level: 'RESTRICTED', grants: [creator] },
              cause: 'serviceAccount.deleted',
            },
            rule: 'service-account/administer',
          },
          {
            type: 'serviceAccount.deleted',
            actor: 'Ada',
            subject: { type: 'ServiceAccount', id: bot, name: 'bot' },
            details: { revokedTokenIds: [valid.serviceAccountToken.id] },
            rule: 'service-account/administer',
          },
        ]);
        const rows = await fixture.services.database.query(
          'SELECT revoked_at FROM service_account_token WHERE organization_id = ? AND id = ?',
          [team.id, valid.serviceAccountToken.id],
        );
        expect(rows.map((row) => Number(row.revoked_at))).to.deep.equal([fixture.clock.now]);
      });

      it('does not find a token under another service account', async () => {
        const [bot, other] = [await team.serviceAccount('bot'), await team.serviceAccount('other')];
        const { serviceAccountToken } = await createServiceAccountToken(await admin(), {
          serviceAccountId: bot,
          name: 'CI',
        });
        start = await team.state();
        for (const id of [serviceAccountToken.id, newId(), 'x']) {
          const refusal = await refusalOf(revokeServiceAccountToken(await admin(), { id, serviceAccountId: other }));
          expect(refusal).to.deep.equal({ code: 'NOT_FOUND' });
        }
        await expectNothingWritten();
      });

      async function accountOf(id: GranteeId) {
        const account = await serviceAccount(await admin(), id);
        if (account === null) throw new Error('the service account is not there');
        return account;
      }
    });

    describe('for everyone', () => {
      /** Every mutation, with the given ids in place of the objects that it changes. */
      const mutations = (ids: { readonly person: string; readonly group: string; readonly account: string }) => {
        const { person, group, account } = ids;
        const pair = { groupId: group, memberId: person };
        return [
          (ctx: RequestContext) => updateMember(ctx, { id: person, name: 'New' }),
          (ctx: RequestContext) => setMemberRole(ctx, { id: person, role: 'ADMIN' }),
          (ctx: RequestContext) => deactivateMember(ctx, { id: person }),
          (ctx: RequestContext) => reactivateMember(ctx, { id: person }),
          (ctx: RequestContext) => updateGroup(ctx, { id: group, name: 'New' }),
          (ctx: RequestContext) => deleteGroup(ctx, { id: group }),
          (ctx: RequestContext) => addGroupMember(ctx, pair),
          (ctx: RequestContext) => removeGroupMember(ctx, pair),
          (ctx: RequestContext) => updateServiceAccount(ctx, { id: account, name: 'New' }),
          (ctx: RequestContext) => deactivateServiceAccount(ctx, { id: account }),
          (ctx: RequestContext) => reactivateServiceAccount(ctx, { id: account }),
          (ctx: RequestContext) => deleteServiceAccount(ctx, { id: account }),
          (ctx: RequestContext) => createServiceAccountToken(ctx, { serviceAccountId: account, name: 'New' }),
          (ctx: RequestContext) => revokeServiceAccountToken(ctx, { id: newId(), serviceAccountId: account }),
        ];
      };

      it('forbids every change to whoever is no administrator', async () => {
        const ids = {
          person: await team.person('Max'),
          group: await team.group('Ops'),
          account: await team.serviceAccount('bot'),
        };
        const callers = [ids.person, ids.account, await team.person('Uma', 'AUDITOR')];
        await begin();
        const creations = [
          (ctx: RequestContext) => addMember(ctx, { name: 'New', role: 'MEMBER', subject: 'new' }),
          (ctx: RequestContext) => createGroup(ctx, { name: 'New' }),
          (ctx: RequestContext) => createServiceAccount(ctx, { name: 'New' }),
        ];
        for (const caller of callers) {
          const ctx = await team.as(caller);
          for (const mutation of [...creations, ...mutations(ids)]) {
            expect(await refusalOf(mutation(ctx))).to.deep.equal({ code: 'FORBIDDEN' });
          }
        }
        await expectNothingWritten();
      });

      it('finds nothing by an id that is absent, malformed, of another kind or of another organization', async () => {
        const elsewhere = await fixture.organization();
        const foreign = {
          person: await elsewhere.person('Eve'),
          group: await elsewhere.group('Ops'),
          account: await elsewhere.serviceAccount('bot'),
        };
        const max = await team.person('Max');
        const ops = await team.group('Ops');
        await begin();
        const absent = newId<GranteeId>();
        const ctx = await admin();
        for (const ids of [
          foreign,
          { person: absent, group: absent, account: absent },
          { person: ops, group: max, account: max },
          { person: max.toUpperCase(), group: `${ops} `, account: '' },
        ]) {
          for (const mutation of mutations(ids)) {
            expect(await refusalOf(mutation(ctx))).to.deep.equal({ code: 'NOT_FOUND' });
          }
          expect([
            await member(ctx, ids.person),
            await group(ctx, ids.group),
            await serviceAccount(ctx, ids.account),
          ]).to.deep.equal([null, null, null]);
        }
        const mixed = { groupId: ops, memberId: foreign.person };
        expect(await refusalOf(addGroupMember(ctx, mixed))).to.deep.equal({ code: 'NOT_FOUND' });
        expect(await refusalOf(removeGroupMember(ctx, mixed))).to.deep.equal({ code: 'NOT_FOUND' });
        await expectNothingWritten();
      });

      it('gives the first answer to a repeated request, and CONFLICT to another one under its key', async () => {
        const input = { name: 'Max', role: 'MEMBER', subject: 'max|4' } as const;
        const first = await addMember(await admin('key'), input);
        const after = await team.state();
        expect(await addMember(await admin('key'), input)).to.deep.equal(first);
        expect(await refusalOf(addMember(await admin('key'), { ...input, role: 'ADMIN' }))).to.deep.equal({
          code: 'CONFLICT',
        });
        expect(await team.state()).to.deep.equal(after);
      });
    });

    describe('in lists', () => {
      interface Named {
        readonly id: string;
        readonly name: string;
      }
      const names = (page: { readonly nodes: readonly Named[] }) => page.nodes.map((node) => node.name);

      it('pages through members by name in both directions, whatever their state', async () => {
        for (const name of ['eve', 'Bob', 'bob', 'Dora', 'ärmel']) await team.person(name);
        const dora = (await listMembers(await admin(), { search: 'dora' })).nodes[0]?.record.id;
        await deactivateMember(await admin(), { id: dora ?? '' });
        const ctx = await admin();
        const whole = await listMembers(ctx, {});
        const all = names(whole);
        expect([all[0], [...all.slice(1, 3)].sort(), ...all.slice(3)]).to.deep.equal([
          'Ada',
          ['Bob', 'bob'],
          'Dora',
          'eve',
          'ärmel',
        ]);
        expect(await whole.count()).to.equal(6);

        const forward: string[] = [];
        let after: string | undefined;
        for (;;) {
          const page = await listMembers(ctx, { first: 2, ...(after === undefined ? {} : { after }) });
          forward.push(...page.nodes.map((node) => node.id));
          after = page.cursors.at(-1);
          if (!page.hasNextPage) break;
        }
        expect(forward).to.deep.equal(whole.nodes.map((node) => node.id));
        const last = await listMembers(ctx, { last: 4 });
        const before = await listMembers(ctx, { last: 4, before: last.cursors[0] ?? '' });
        expect([...names(before), ...names(last)]).to.deep.equal(all);
        expect([before.hasPreviousPage, before.hasNextPage, last.hasPreviousPage]).to.deep.equal([false, true, true]);
      });

      it('narrows members by name, address, role and state, and takes wildcards as they are', async () => {
        await team.person('Max');
        const uma = await team.person('Uma 100%', 'AUDITOR');
        await deactivateMember(await admin(), { id: uma });
        await updateMember(await admin(), { id: uma, email: 'U.M.A@Test.invalid' });
        const ctx = await admin();
        const found = async (filter: Parameters<typeof listMembers>[1]) => names(await listMembers(ctx, filter));
        expect(await found({ search: 'MA' })).to.deep.equal(['Max', 'Uma 100%']);
        expect(await found({ search: 'u.m.a@TEST' })).to.deep.equal(['Uma 100%']);
        expect(await found({ search: '0%' })).to.deep.equal(['Uma 100%']);
        expect(await found({ search: '_' })).to.deep.equal([]);
        expect(await found({ role: 'AUDITOR' })).to.deep.equal(['Uma 100%']);
        expect(await found({ state: 'ACTIVE' })).to.deep.equal(['Ada', 'Max']);
        expect(await found({ state: 'DEACTIVATED', role: 'MEMBER' })).to.deep.equal([]);
        expect(await (await listMembers(ctx, { state: 'ACTIVE', search: 'a' })).count()).to.equal(2);
        expect(await refusalOf(listMembers(ctx, { search: 'a'.repeat(121) }))).to.deep.equal({
          code: 'BAD_USER_INPUT',
          fields: [{ field: 'search', message: 'must have at most 120 characters' }],
        });
      });

      it('does not tell roles and states, by way of a filter, to those who may not see them', async () => {
        const max = await team.as(await team.person('Max'));
        expect(names(await listMembers(max, {}))).to.deep.equal(['Ada', 'Max']);
        expect(await refusalOf(listMembers(max, { role: 'ADMIN' }))).to.deep.equal({ code: 'FORBIDDEN' });
        expect(await refusalOf(listMembers(max, { state: 'ACTIVE' }))).to.deep.equal({ code: 'FORBIDDEN' });
      });

      it('lists what the policy lets the caller read, and no other organization', async () => {
        const elsewhere = await fixture.organization();
        await elsewhere.person('Eve');
        const ctx = await admin();
        expect(names(await listMembers(ctx, {}))).to.deep.equal(['Ada']);
        const blind = Object.assign(Object.create(ctx.authz) as typeof ctx.authz, {
          accessibleBy: () => ({ kind: 'none' }) as const,
        });
        const none = await listMembers({ ...ctx, authz: blind }, {});
        expect([names(none), await none.count()]).to.deep.equal([[], 0]);
      });

      it('lists groups and service accounts that are not deleted, by name', async () => {
        const ctx = await admin();
        const { group: gone } = await createGroup(ctx, { name: 'Gone' });
        await createGroup(ctx, { name: 'ops' });
        await createGroup(ctx, { name: 'Dev' });
        await deleteGroup(ctx, { id: gone.id });
        expect(names(await listGroups(ctx, {}))).to.deep.equal(['Dev', 'ops']);
        expect(names(await listGroups(ctx, { search: 'O' }))).to.deep.equal(['ops']);

        const bot = await team.serviceAccount('bot');
        await team.serviceAccount('Agent');
        await deactivateServiceAccount(ctx, { id: bot });
        expect(names(await listServiceAccounts(ctx, {}))).to.deep.equal(['Agent', 'bot']);
        expect(names(await listServiceAccounts(ctx, { state: 'DEACTIVATED' }))).to.deep.equal(['bot']);
        const { cursors } = await listGroups(ctx, { first: 1 });
        expect((await refusalOf(listMembers(ctx, { after: cursors[0] ?? '' }))).code).to.equal('BAD_USER_INPUT');
      });

      it('reads the members of all groups of a page, and the groups of all members, in one statement each', async () => {
        const people = await Promise.all(['Cora', 'Bob', 'Anna'].map((name) => team.person(name)));
        await team.group('All', ...people);
        await team.group('Empty');
        await team.group('One', ...people.slice(0, 1));
        const ctx = await admin();
        const groups = await listGroups(ctx, {});
        const statements = await statementsOf(async () => {
          const pages = await Promise.all(groups.nodes.map((node) => listGroupMembers(ctx, node, { first: 2 })));
          expect(pages.map(names)).to.deep.equal([['Anna', 'Bob'], [], ['Cora']]);
          expect(pages.map((page) => page.hasNextPage)).to.deep.equal([true, false, false]);
          expect(await Promise.all(pages.map((page) => page.count()))).to.deep.equal([3, 0, 1]);
          const [all] = groups.nodes;
          if (all === undefined) throw new Error('there is no group');
          const next = { first: 2, after: pages[0]?.cursors[1] ?? '' };
          const [rest, end] = await Promise.all([
            listGroupMembers(ctx, all, next),
            listGroupMembers(ctx, all, { last: 2 }),
          ]);
          expect([names(rest), names(end)]).to.deep.equal([['Cora'], ['Bob', 'Cora']]);
        });
        expect(statements).to.equal(3);

        const members = await listMembers(ctx, {});
        const more = await statementsOf(async () => {
          const ofEach = await Promise.all(members.nodes.map((node) => memberGroups(ctx, node)));
          expect(ofEach.map((some) => some.map((node) => node.name))).to.deep.equal([
            [],
            ['All'],
            ['All'],
            ['All', 'One'],
          ]);
        });
        expect(more).to.equal(1);
      });

      it('shows the identities of a member', async () => {
        const added = await addMember(await admin(), { name: 'Max', role: 'MEMBER', subject: 'max|5' });
        const ctx = await admin();
        const max = await member(ctx, added.member.id);
        if (max === null) throw new Error('the member is not there');
        const identities = await memberIdentities(ctx, max);
        expect(identities.map(({ issuer, subject }) => ({ issuer, subject }))).to.deep.equal([
          { issuer: testIssuer, subject: 'max|5' },
        ]);
      });

      async function statementsOf(work: () => Promise<void>): Promise<number> {
        const { database } = fixture.services;
        const query = database.query;
        let count = 0;
        database.query = (...args) => {
          count += 1;
          return query.apply(database, args);
        };
        try {
          await work();
        } finally {
          database.query = query;
        }
        return count;
      }
    });
  });
}
