import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { newTeam } from '../../support/api.js';
import { bodyOf, idsOf, itFindsNothing, makeServiceAccount, unchangedMembership } from '../../support/membership.js';
import { deleteServiceAccount, unassignCustomRole } from '../../support/membership-operations.js';
import { comparable, refusalAnswer } from '../../support/refusals.js';

describe('unassignCustomRole of something that is not there', () => {
  itFindsNothing(
    unassignCustomRole,
    'customRole',
    ({ customRole, person }) => ({ input: { customRoleId: customRole, granteeId: person } }),
    refusalAnswer('unassignCustomRole', 'NOT_FOUND', 'Not found.'),
  );

  it('answers alike for a holder that is absent, deleted, foreign, malformed, or neither a person nor an account', async () => {
    const team = await newTeam();
    const { alice, stranger } = team;
    const { customRole, group, token, person } = await idsOf(team);
    const gone = await makeServiceAccount(alice);
    await alice.data(deleteServiceAccount, { input: { id: gone } });
    const ids = [newId(), gone, stranger.id, group, token, customRole, person.toUpperCase(), `${person} `, 'x', ''];
    const answers = [];
    for (const granteeId of ids) {
      const input = { customRoleId: customRole, granteeId };
      answers.push(await unchangedMembership(team, () => alice.ask(unassignCustomRole, { input })));
    }
    const [first, ...others] = answers.map(comparable);
    for (const other of others) expect(other).to.deep.equal(first);
    expect(answers.map(bodyOf)[0]).to.deep.equal(refusalAnswer('unassignCustomRole', 'NOT_FOUND', 'Not found.'));
  });
});
