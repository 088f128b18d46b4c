import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { grantees } from '../../support/operations.js';
import { itRefusesBadPages } from '../../support/pages.js';

describe('grantees with bad input', () => {
  itRefusesBadPages(grantees, 'grantees', ({ bob }) => bob);

  it('names what is wrong with the search or the kinds', async () => {
    const { bob } = await newTeam();
    const search = '\u{1f511}'.repeat(121);
    expect(await bob.refusal(grantees, { search })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'search', message: 'must have at most 120 characters' }],
    });
    expect(await bob.refusal(grantees, { kinds: ['GROUP', 'ROBOT'] })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'kinds[1]', message: 'is not one of the allowed values' }],
    });
  });
});
