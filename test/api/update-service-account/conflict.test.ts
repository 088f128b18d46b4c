import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, makeServiceAccount, unchangedMembership } from '../../support/membership.js';
import { updateServiceAccount } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('updateServiceAccount to a name that another account has', () => {
  it('changes nothing, whatever the case of the name', async () => {
    const team = await newTeam();
    const { alice } = team;
    const id = await makeServiceAccount(alice);
    for (const name of ['deploy-bot', ' DEPLOY-BOT']) {
      const input = { id, name, description: 'New.' };
      const answer = await unchangedMembership(team, () => alice.ask(updateServiceAccount, { input }));
      expect(bodyOf(answer)).to.deep.equal(
        refusalAnswer(
          'updateServiceAccount',
          'CONFLICT',
          'A service account with this name exists in the organization.',
        ),
      );
    }
  });
});
