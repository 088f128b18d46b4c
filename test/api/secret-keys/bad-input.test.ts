import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { secretKeys } from '../../support/operations.js';
import { itRefusesBadPages } from '../../support/pages.js';
import { createKey } from '../../support/secret-keys.js';

describe('secretKeys with bad input', () => {
  describe('of a member', () => itRefusesBadPages(secretKeys, 'secretKeys/NAME/ASC', ({ bob }) => bob));
  describe('of an administrator', () => itRefusesBadPages(secretKeys, 'secretKeys/NAME/ASC', ({ alice }) => alice));

  it('refuses a cursor in any order but the one that it was made in', async () => {
    const { bob } = await newTeam();
    await createKey(bob);
    const orders = ['NAME', 'CREATED_AT', 'VALUE_UPDATED_AT', 'LAST_USED_AT'].flatMap((field) =>
      ['ASC', 'DESC'].map((direction) => ({ field, direction })),
    );
    for (const orderBy of orders) {
      const after = (await bob.data(secretKeys, { orderBy })).secretKeys.pageInfo.endCursor;
      for (const other of orders) {
        const { errors } = await bob.ask(secretKeys, { orderBy: other, after });
        const refused = [
          {
            code: 'BAD_USER_INPUT',
            fields: [{ field: 'after', message: 'is not a cursor of this list in this order' }],
          },
        ];
        expect(errors?.map(({ extensions }) => extensions)).to.deep.equal(other === orderBy ? undefined : refused);
      }
    }
  });

  it('names what is wrong with the filter or the order', async () => {
    const { bob } = await newTeam();
    const cases: readonly (readonly [variables: Record<string, unknown>, field: string, message: string])[] = [
      [{ filter: { search: '\u{1f511}'.repeat(121) } }, 'filter.search', 'must have at most 120 characters'],
      [{ filter: { scope: 'HIDDEN' } }, 'filter.scope', 'is not one of the allowed values'],
      [{ filter: { expiresBefore: 'soon' } }, 'filter.expiresBefore', 'is not a valid DateTime'],
      [{ filter: { unusedSince: 0 } }, 'filter.unusedSince', 'is not a valid DateTime'],
      [{ filter: { value: 'a' } }, 'filter', 'has a field that is not known'],
      [{ orderBy: { direction: 'ASC' } }, 'orderBy.field', 'is required'],
      [{ orderBy: { field: 'VALUE' } }, 'orderBy.field', 'is not one of the allowed values'],
    ];
    for (const [variables, field, message] of cases) {
      expect(await bob.refusal(secretKeys, variables)).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field, message }],
      });
    }
  });
});
