import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { badId, itNamesWhatIsWrong, makeCustomRole, unchangedMembership } from '../../support/membership.js';
import { assignCustomRole } from '../../support/membership-operations.js';

describe('assignCustomRole with bad input', () => {
  itNamesWhatIsWrong(assignCustomRole, ({ customRole, person }) => ({ customRoleId: customRole, granteeId: person }), [
    ...badId('customRoleId'),
    ...badId('granteeId'),
  ]);

  it('names the holder when a set of the role is not offered to them: an admin, an auditor', async () => {
    const team = await newTeam();
    const { alice, dave } = team;
    const customRoleId = await makeCustomRole(alice, ['key-rotation', 'audit-reader']);
    for (const [holder, whom] of [
      [alice, 'admins'],
      [dave, 'auditors'],
    ] as const) {
      const input = { customRoleId, granteeId: holder.id };
      const message = `cannot have the role: its permission set audit-reader is not offered to ${whom}`;
      expect(await unchangedMembership(team, () => alice.refusal(assignCustomRole, { input }))).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field: 'input.granteeId', message }],
      });
    }
  });
});
