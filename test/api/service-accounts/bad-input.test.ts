import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { serviceAccounts } from '../../support/membership-operations.js';
import { itRefusesBadPages } from '../../support/pages.js';

describe('serviceAccounts with bad input', () => {
  itRefusesBadPages(serviceAccounts, 'serviceAccounts', ({ bob }) => bob);

  it('names what is wrong with the search or a filter', async () => {
    const { dave } = await newTeam();
    expect(await dave.refusal(serviceAccounts, { search: '\u{1f511}'.repeat(121) })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'search', message: 'must have at most 120 characters' }],
    });
    expect(await dave.refusal(serviceAccounts, { state: 'DELETED' })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'state', message: 'is not one of the allowed values' }],
    });
  });
});
