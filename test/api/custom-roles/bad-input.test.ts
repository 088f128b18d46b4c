import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { customRoles } from '../../support/membership-operations.js';
import { itRefusesBadPages } from '../../support/pages.js';

describe('customRoles with bad input', () => {
  itRefusesBadPages(customRoles, 'customRoles', ({ bob }) => bob);

  it('names what is wrong with the search', async () => {
    const { dave } = await newTeam();
    expect(await dave.refusal(customRoles, { search: '\u{1f511}'.repeat(121) })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'search', message: 'must have at most 120 characters' }],
    });
  });
});
