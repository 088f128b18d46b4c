import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { assignRole, makeCustomRole, unchangedMembership } from '../../support/membership.js';
import {
  customRoleById,
  deactivateMember,
  setMemberRole,
  unassignCustomRole,
} from '../../support/membership-operations.js';
import { recordedEvents } from '../../support/stored.js';

describe('unassignCustomRole', () => {
  it('takes the role from one holder alone, as both sides then show, and records from whom', async () => {
    const team = await newTeam();
    const { alice, bob, deployBot } = team;
    const customRoleId = await makeCustomRole(alice, ['audit-reader'], 'Watch');
    for (const holder of [bob, deployBot]) await assignRole(alice, customRoleId, holder);
    const { customRole } = await alice.data(customRoleById, { id: customRoleId });
    const input = { customRoleId, granteeId: bob.id };
    const { unassignCustomRole: unassigned } = await alice.data(unassignCustomRole, { input });
    const nodes = [{ id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' }];
    expect(unassigned).to.deep.equal({
      customRole: { ...customRole, holders: { nodes, totalCount: 1 }, holderCount: 1 },
      grantee: { id: bob.id, kind: 'PERSON', name: 'Bob' },
    });
    expect(await alice.data(customRoleById, { id: customRoleId })).to.deep.equal({ customRole: unassigned.customRole });
    expect(await bob.data('{ viewer { customRoles { id } permissionSets } }')).to.deep.equal({
      viewer: { customRoles: [], permissionSets: [] },
    });
    expect(await recordedEvents(team, /^customRole\.unassigned/)).to.deep.equal([
      {
        type: 'customRole.unassigned',
        actor: 'Alice',
        subject: { type: 'CustomRole', id: customRoleId, name: 'Watch' },
        details: { holder: { id: bob.id, name: 'Bob' }, permissionSets: ['audit-reader'] },
        rule: 'custom-role/administer',
      },
    ]);
  });

  it('writes nothing when they do not have it, and gives the first answer to a repeated request', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const customRoleId = await makeCustomRole(alice);
    await assignRole(alice, customRoleId, bob);
    const input = { customRoleId, granteeId: bob.id, clientMutationId: 'a-key' };
    const first = await alice.ask(unassignCustomRole, { input });
    expect(first.errors).to.equal(undefined);
    for (const again of [input, { customRoleId, granteeId: bob.id }]) {
      const answer = await unchangedMembership(team, () => alice.ask(unassignCustomRole, { input: again }));
      expect(answer.text).to.equal(first.text);
    }
  });

  it('takes it from a deactivated member, and from one to whom its sets are not offered any more', async () => {
    const { alice, bob, carol } = await newTeam();
    const id = await makeCustomRole(alice);
    for (const holder of [bob, carol]) await assignRole(alice, id, holder);
    await alice.data(deactivateMember, { input: { id: bob.id } });
    await alice.data(setMemberRole, { input: { id: carol.id, role: 'AUDITOR' } });
    for (const { id: granteeId } of [bob, carol]) {
      await alice.data(unassignCustomRole, { input: { customRoleId: id, granteeId } });
    }
    expect((await alice.data(customRoleById, { id })).customRole.holderCount).to.equal(0);
  });
});
