import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { assignRole, makeCustomRole, unchangedMembership } from '../../support/membership.js';
import {
  assignCustomRole,
  customRoleById,
  deactivateMember,
  deleteServiceAccount,
  memberById,
  reactivateMember,
  serviceAccountById,
  setMemberRole,
  unassignCustomRole,
} from '../../support/membership-operations.js';
import { recordedEvents } from '../../support/stored.js';

const viewer = '{ viewer { customRoles { id name } permissionSets operations } }';

describe('assignCustomRole', () => {
  it('gives a person and a service account the role, as both sides then show, and records to whom', async () => {
    const team = await newTeam();
    const { alice, bob, deployBot } = team;
    const customRoleId = await makeCustomRole(alice, ['audit-reader', 'key-rotation'], 'Watch');
    const { customRole } = await alice.data(customRoleById, { id: customRoleId });
    const holders = [
      { id: bob.id, kind: 'PERSON', name: 'Bob' },
      { id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' },
    ];
    for (const [index, grantee] of holders.entries()) {
      const nodes = holders.slice(0, index + 1);
      const expected = {
        customRole: { ...customRole, holders: { nodes, totalCount: nodes.length }, holderCount: nodes.length },
        grantee,
      };
      const input = { customRoleId, granteeId: grantee.id };
      const { assignCustomRole: assigned } = await alice.data(assignCustomRole, { input });
      expect(assigned).to.deep.equal(expected);
      expect(await alice.data(customRoleById, { id: customRoleId })).to.deep.equal({ customRole: expected.customRole });
    }
    const customRoles = [{ id: customRoleId, name: 'Watch' }];
    expect((await alice.data(memberById, { id: bob.id })).member.customRoles).to.deep.equal(customRoles);
    const { serviceAccount } = await alice.data(serviceAccountById, { id: deployBot.id });
    expect(serviceAccount.customRoles).to.deep.equal(customRoles);
    expect(await recordedEvents(team, /^customRole\.assigned/)).to.deep.equal(
      holders.map(({ id, name }) => ({
        type: 'customRole.assigned',
        actor: 'Alice',
        subject: { type: 'CustomRole', id: customRoleId, name: 'Watch' },
        details: { holder: { id, name }, permissionSets: ['audit-reader', 'key-rotation'] },
        rule: 'custom-role/administer',
      })),
    );
  });

  it('writes nothing when they have it already, and gives the first answer to a repeated request', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const customRoleId = await makeCustomRole(alice);
    const input = { customRoleId, granteeId: bob.id, clientMutationId: 'a-key' };
    const first = await alice.ask(assignCustomRole, { input });
    expect(first.errors).to.equal(undefined);
    const again = () => alice.ask(assignCustomRole, { input: { customRoleId, granteeId: bob.id } });
    expect((await unchangedMembership(team, again)).text).to.equal(first.text);
    await alice.data(unassignCustomRole, { input: { customRoleId, granteeId: bob.id } });
    const repeated = () => alice.ask(assignCustomRole, { input });
    const { assignCustomRole: told } = (await unchangedMembership(team, repeated)).data;
    expect(told.grantee).to.deep.equal({ id: bob.id, kind: 'PERSON', name: 'Bob' });
  });

  it('takes a deactivated member too, for their return', async () => {
    const { alice, bob } = await newTeam();
    await alice.data(deactivateMember, { input: { id: bob.id } });
    await assignRole(alice, await makeCustomRole(alice), bob);
    await alice.data(reactivateMember, { input: { id: bob.id } });
    expect((await bob.data(viewer)).viewer.permissionSets).to.deep.equal(['audit-reader']);
  });

  it('adds up: several roles give each set once, and one that goes leaves the sets of the others', async () => {
    const { alice, bob } = await newTeam();
    const watch = await makeCustomRole(alice, ['audit-reader', 'key-inventory'], 'Watch');
    const count = await makeCustomRole(alice, ['key-inventory', 'membership-reader'], 'Count');
    for (const id of [watch, count]) await assignRole(alice, id, bob);
    const { viewer: both } = await bob.data(viewer);
    expect([both.customRoles, both.permissionSets]).to.deep.equal([
      [
        { id: count, name: 'Count' },
        { id: watch, name: 'Watch' },
      ],
      ['audit-reader', 'key-inventory', 'membership-reader'],
    ]);
    await alice.data(unassignCustomRole, { input: { customRoleId: count, granteeId: bob.id } });
    expect((await bob.data(viewer)).viewer.permissionSets).to.deep.equal(['audit-reader', 'key-inventory']);
  });

  it('means nothing while the role of its holder is one that the sets are not offered to', async () => {
    const { alice, bob } = await newTeam();
    const id = await makeCustomRole(alice, ['audit-reader', 'key-rotation'], 'Watch');
    await assignRole(alice, id, bob);
    const customRoles = [{ id, name: 'Watch' }];
    for (const [role, permissionSets] of [
      ['AUDITOR', []],
      ['ADMIN', []],
      ['MEMBER', ['audit-reader', 'key-rotation']],
    ] as const) {
      await alice.data(setMemberRole, { input: { id: bob.id, role } });
      const { viewer: seen } = await bob.data(viewer);
      expect([role, seen.customRoles, seen.permissionSets]).to.deep.equal([role, customRoles, permissionSets]);
      expect((await alice.data(memberById, { id: bob.id })).member.customRoles).to.deep.equal(customRoles);
    }
  });

  it('is shown of a member to themselves, administrators, auditors and membership-readers alone', async () => {
    const { alice, bob, carol, dave, deployBot } = await newTeam();
    await assignRole(alice, await makeCustomRole(alice, ['membership-reader'], 'Review'), carol);
    const id = await makeCustomRole(alice, ['key-inventory'], 'Count');
    for (const holder of [bob, deployBot]) await assignRole(alice, id, holder);
    const held = [{ id, name: 'Count' }];
    const seenBy = async (reader: typeof bob) => [
      (await reader.data(memberById, { id: bob.id })).member.customRoles,
      (await reader.data(serviceAccountById, { id: deployBot.id })).serviceAccount.customRoles,
    ];
    const seen = new Map([
      [alice, [held, held]],
      [dave, [held, held]],
      [carol, [held, held]],
      [bob, [held, null]],
      [deployBot, [null, held]],
    ]);
    for (const [reader, expected] of seen)
      expect([reader.name, await seenBy(reader)]).to.deep.equal([reader.name, expected]);
  });

  it('ends with a service account: a deleted one is not among the holders, and no row of it is left', async () => {
    const { alice, api, deployBot, organizationId } = await newTeam();
    const id = await makeCustomRole(alice);
    await assignRole(alice, id, deployBot);
    await alice.data(deleteServiceAccount, { input: { id: deployBot.id } });
    const { customRole } = await alice.data(customRoleById, { id });
    expect([customRole.holders, customRole.holderCount]).to.deep.equal([{ nodes: [], totalCount: 0 }, 0]);
    const rows = await api.services.database.query('SELECT * FROM custom_role_holder WHERE organization_id = ?', [
      organizationId,
    ]);
    expect(rows).to.deep.equal([]);
  });
});
