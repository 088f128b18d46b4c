import { expect } from 'chai';
import { makeCursor } from '../../../src/graphql/connection.js';
import { newTeam } from '../../support/api.js';
import { makeCustomRole } from '../../support/membership.js';
import { customRoleById, customRoleHolders } from '../../support/membership-operations.js';

describe('customRole with bad input', () => {
  it('names the argument that is missing or no id', async () => {
    const { bob } = await newTeam();
    const refusal = (message: string) => ({ code: 'BAD_USER_INPUT', fields: [{ field: 'id', message }] });
    expect(await bob.refusal(customRoleById)).to.deep.equal(refusal('is required'));
    expect(await bob.refusal(customRoleById, { id: null })).to.deep.equal(refusal('is required'));
    expect(await bob.refusal(customRoleById, { id: { id: 1 } })).to.deep.equal(refusal('has the wrong type'));
  });

  it('names what is wrong with a page of the holders', async () => {
    const { alice } = await newTeam();
    const id = await makeCustomRole(alice);
    for (const [variables, field, message] of [
      [{ first: 0 }, 'holders.first', 'must be 1 to 100'],
      [{ last: 101 }, 'holders.last', 'must be 1 to 100'],
      [{ first: 5, after: 'not-a-cursor' }, 'after', 'is not a cursor of this list in this order'],
      [
        { first: 5, after: makeCursor('members', { value: 'a', id: 'a' }) },
        'after',
        'is not a cursor of this list in this order',
      ],
    ] as const) {
      expect(await alice.refusal(customRoleHolders, { id, ...variables })).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field, message }],
      });
    }
  });
});
