import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { itRefusesBadPages } from '../../support/pages.js';
import { workflows } from '../../support/workflow-operations.js';

describe('workflows with bad input', () => {
  itRefusesBadPages(workflows, 'workflows/NAME/ASC', ({ bob }) => bob);

  it('names what is wrong with the search', async () => {
    const { dave } = await newTeam();
    expect(await dave.refusal(workflows, { filter: { search: 'a'.repeat(121) } })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'filter.search', message: 'must have at most 120 characters' }],
    });
  });
});
