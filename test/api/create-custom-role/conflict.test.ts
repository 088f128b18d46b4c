import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, makeCustomRole, unchangedMembership } from '../../support/membership.js';
import { createCustomRole } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('createCustomRole with a name that a custom role has', () => {
  it('changes nothing, whatever the case of the name', async () => {
    const team = await newTeam();
    const { alice } = team;
    await makeCustomRole(alice, ['audit-reader'], 'Review');
    for (const name of ['Review', ' review', 'REVIEW']) {
      const input = { name, permissionSets: ['audit-reader'] };
      const answer = await unchangedMembership(team, () => alice.ask(createCustomRole, { input }));
      expect(bodyOf(answer)).to.deep.equal(
        refusalAnswer('createCustomRole', 'CONFLICT', 'A custom role with this name exists in the organization.'),
      );
    }
  });
});
