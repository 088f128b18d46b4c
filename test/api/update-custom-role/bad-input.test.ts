import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import {
  assignRole,
  badDescription,
  badId,
  badName,
  itNamesWhatIsWrong,
  makeCustomRole,
  unchangedMembership,
} from '../../support/membership.js';
import { setMemberRole, updateCustomRole } from '../../support/membership-operations.js';

const notOffered = 'is no permission set that the policies offer';

describe('updateCustomRole with bad input', () => {
  itNamesWhatIsWrong(updateCustomRole, ({ customRole }) => ({ id: customRole, name: 'On call' }), [
    ...badId('id'),
    ...badName,
    ...badDescription,
    [{ permissionSets: [] }, 'input.permissionSets', 'must name at least one permission set'],
    [{ permissionSets: ['key-inventory', 'canary'] }, 'input.permissionSets[1]', notOffered],
    [{ permissionSets: ['member'] }, 'input.permissionSets[0]', notOffered],
  ]);

  it('names a set that is not offered to someone who has the role, and lets them keep what they have', async () => {
    const team = await newTeam();
    const { alice, bob, carol, deployBot } = team;
    const id = await makeCustomRole(alice);
    for (const holder of [bob, carol, deployBot]) await assignRole(alice, id, holder);
    await alice.data(setMemberRole, { input: { id: bob.id, role: 'AUDITOR' } });
    await alice.data(setMemberRole, { input: { id: carol.id, role: 'ADMIN' } });
    const input = { id, permissionSets: ['audit-reader', 'key-inventory', 'key-rotation'] };
    const problem = (name: string, whom: string) => ({
      field: 'input.permissionSets',
      message: `has ${name}, which is not offered to ${whom}, who have the role`,
    });
    expect(await unchangedMembership(team, () => alice.refusal(updateCustomRole, { input }))).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [
        problem('key-inventory', 'admins'),
        problem('key-rotation', 'admins'),
        problem('key-inventory', 'auditors'),
        problem('key-rotation', 'auditors'),
      ],
    });
    const { updateCustomRole: renamed } = await alice.data(updateCustomRole, { input: { id, name: 'Readers' } });
    expect(renamed.customRole).to.deep.include({ name: 'Readers', permissionSets: ['audit-reader'], holderCount: 3 });
  });
});
