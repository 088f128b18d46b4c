import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
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

  it('names an id of a key that is none', async () => {
    const { dave } = await newTeam();
    for (const secretKeyId of ['not-an-id', '', newId().toUpperCase()]) {
      expect(await dave.refusal(workflows, { filter: { secretKeyId } })).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field: 'filter.secretKeyId', message: 'is not an id' }],
      });
    }
  });
});
