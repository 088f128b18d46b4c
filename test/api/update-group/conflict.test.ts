import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, unchangedMembership } from '../../support/membership.js';
import { updateGroup } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('updateGroup to a name that another group has', () => {
  it('changes nothing, whatever the case of the name', async () => {
    const team = await newTeam();
    const { alice, growth } = team;
    for (const name of ['Platform', ' PLATFORM ']) {
      const input = { id: growth, name, description: 'New.' };
      const answer = await unchangedMembership(team, () => alice.ask(updateGroup, { input }));
      expect(bodyOf(answer)).to.deep.equal(
        refusalAnswer('updateGroup', 'CONFLICT', 'A group with this name exists in the organization.'),
      );
    }
  });
});
