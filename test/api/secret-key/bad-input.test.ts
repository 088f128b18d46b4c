import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { secretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('secretKey with bad input', () => {
  it('names the argument that is missing or no id', async () => {
    const { bob } = await newTeam();
    expect(await bob.refusal(secretKey)).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'id', message: 'is required' }],
    });
    expect(await bob.refusal(secretKey, { id: { id: 1 } })).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'id', message: 'has the wrong type' }],
    });
  });

  it('names what is wrong with a page of the history', async () => {
    const { bob } = await newTeam();
    const id = await createKey(bob);
    const ask = (args: string) =>
      bob.refusal(`query ($id: ID!) { secretKey(id: $id) { auditEvents(${args}) { totalCount } } }`, { id });
    expect(await ask('first: 0')).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'auditEvents.first', message: 'must be 1 to 100' }],
    });
    expect(await ask('after: "not-a-cursor"')).to.deep.equal({
      code: 'BAD_USER_INPUT',
      fields: [{ field: 'after', message: 'is not a cursor of this list in this order' }],
    });
  });
});
