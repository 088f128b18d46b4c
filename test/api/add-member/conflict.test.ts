import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, unchangedMembership } from '../../support/membership.js';
import { addMember, deactivateMember } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('addMember with an identity that is a member already', () => {
  it('changes nothing, also when the member is deactivated', async () => {
    const team = await newTeam();
    const { alice, bob, slug } = team;
    const input = { name: 'Another Bob', role: 'ADMIN', subject: `bob@${slug}` };
    for (const deactivate of [false, true]) {
      if (deactivate) await alice.data(deactivateMember, { input: { id: bob.id } });
      const answer = await unchangedMembership(team, () => alice.ask(addMember, { input }));
      expect(bodyOf(answer)).to.deep.equal(
        refusalAnswer('addMember', 'CONFLICT', 'This identity is a member of the organization already.'),
      );
    }
  });
});
