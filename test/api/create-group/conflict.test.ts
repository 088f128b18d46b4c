import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, unchangedMembership } from '../../support/membership.js';
import { createGroup } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('createGroup with a name that a group has', () => {
  it('changes nothing, whatever the case of the name', async () => {
    const team = await newTeam();
    for (const name of ['Growth', ' growth', 'GROWTH']) {
      const answer = await unchangedMembership(team, () => team.alice.ask(createGroup, { input: { name } }));
      expect(bodyOf(answer)).to.deep.equal(
        refusalAnswer('createGroup', 'CONFLICT', 'A group with this name exists in the organization.'),
      );
    }
  });
});
