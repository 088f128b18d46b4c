import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { assignRole, makeCustomRole } from '../../support/membership.js';
import {
  customRoleById,
  customRoles,
  deactivateMember,
  deleteCustomRole,
  memberById,
  reactivateMember,
} from '../../support/membership-operations.js';
import { recordedEvents } from '../../support/stored.js';

const viewer = '{ viewer { customRoles { id } permissionSets operations } }';

describe('deleteCustomRole', () => {
  it('takes the role from everyone who has it, the deactivated ones too, and records from whom', async () => {
    const team = await newTeam();
    const { alice, bob, carol, deployBot } = team;
    const id = await makeCustomRole(alice, ['audit-reader', 'key-rotation'], 'Watch');
    const kept = await makeCustomRole(alice, ['key-inventory'], 'Count');
    for (const holder of [bob, carol, deployBot]) await assignRole(alice, id, holder);
    await assignRole(alice, kept, bob);
    await alice.data(deactivateMember, { input: { id: carol.id } });
    expect(await alice.data(deleteCustomRole, { input: { id } })).to.deep.equal({
      deleteCustomRole: { deletedId: id },
    });
    const { viewer: bobs } = await bob.data(viewer);
    expect([bobs.customRoles, bobs.permissionSets, bobs.operations.includes('auditEvents')]).to.deep.equal([
      [{ id: kept }],
      ['key-inventory'],
      false,
    ]);
    const { viewer: bots } = await deployBot.data(viewer);
    expect([bots.customRoles, bots.permissionSets]).to.deep.equal([[], []]);
    await alice.data(reactivateMember, { input: { id: carol.id } });
    expect((await alice.data(memberById, { id: carol.id })).member.customRoles).to.deep.equal([]);
    expect(await alice.data(customRoleById, { id })).to.deep.equal({ customRole: null });
    const { customRoles: page } = await bob.data(customRoles);
    expect(page.nodes.map(({ name }: { name: string }) => name)).to.deep.equal(['Count']);
    const [deleted] = await recordedEvents(team, /^customRole\.deleted/);
    expect(deleted).to.deep.equal({
      type: 'customRole.deleted',
      actor: 'Alice',
      subject: { type: 'CustomRole', id, name: 'Watch' },
      details: {
        permissionSets: ['audit-reader', 'key-rotation'],
        holderIds: [bob.id, carol.id, deployBot.id].sort(),
      },
      rule: 'custom-role/administer',
    });
    expect(await makeCustomRole(alice, ['audit-reader'], 'Watch')).not.to.equal(id);
  });

  it('gives the first answer to a repeated request, and NOT_FOUND to another one', async () => {
    const { alice } = await newTeam();
    const id = await makeCustomRole(alice);
    const input = { id, clientMutationId: 'a-key' };
    const first = await alice.ask(deleteCustomRole, { input });
    expect(first.errors).to.equal(undefined);
    expect((await alice.ask(deleteCustomRole, { input })).text).to.equal(first.text);
    expect(await alice.refusal(deleteCustomRole, { input: { id } })).to.deep.equal({ code: 'NOT_FOUND' });
  });
});
