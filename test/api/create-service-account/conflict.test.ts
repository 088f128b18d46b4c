import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { bodyOf, unchangedMembership } from '../../support/membership.js';
import { createServiceAccount, deactivateServiceAccount } from '../../support/membership-operations.js';
import { refusalAnswer } from '../../support/refusals.js';

describe('createServiceAccount with a name that a service account has', () => {
  it('changes nothing, whatever the case of the name, also when the account is deactivated', async () => {
    const team = await newTeam();
    const { alice, deployBot } = team;
    for (const deactivate of [false, true]) {
      if (deactivate) await alice.data(deactivateServiceAccount, { input: { id: deployBot.id } });
      for (const name of ['deploy-bot', ' DEPLOY-BOT']) {
        const answer = await unchangedMembership(team, () => alice.ask(createServiceAccount, { input: { name } }));
        expect(bodyOf(answer)).to.deep.equal(
          refusalAnswer(
            'createServiceAccount',
            'CONFLICT',
            'A service account with this name exists in the organization.',
          ),
        );
      }
    }
  });
});
