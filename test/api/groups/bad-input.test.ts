import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { groups } from '../../support/membership-operations.js';
import { itRefusesBadPages } from '../../support/pages.js';

describe('groups with bad input', () => {
  itRefusesBadPages(groups, 'groups', ({ bob }) => bob);

  it('names what is wrong with the search', async () => {
    const { dave } = await newTeam();
    expect(await dave.refusal(groups, { search: '\u{1f511}'.repeat(121) })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'search', message: 'must have at most 120 characters' }],
    });
  });
});
