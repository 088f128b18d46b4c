import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, makeCustomRole, unchangedMembership } from '../../support/membership.js';
import { updateCustomRole } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('updateCustomRole to a name that another custom role has', () => {
  it('changes nothing, whatever the case of the name', async () => {
    const team = await newTeam();
    const { alice } = team;
    await makeCustomRole(alice, ['audit-reader'], 'Review');
    const id = await makeCustomRole(alice);
    for (const name of ['Review', ' review', 'REVIEW']) {
      const input = { id, name, permissionSets: ['key-inventory'] };
      const answer = await unchangedMembership(team, () => alice.ask(updateCustomRole, { input }));
      expect(bodyOf(answer)).to.deep.equal(
        refusalAnswer('updateCustomRole', 'CONFLICT', 'A custom role with this name exists in the organization.'),
      );
    }
  });
});
