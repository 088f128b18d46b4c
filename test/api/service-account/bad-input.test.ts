import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { serviceAccountById } from '../../support/membership-operations.js';

describe('serviceAccount with bad input', () => {
  it('names the argument that is missing or no id', async () => {
    const { bob } = await newTeam();
    const refusal = (message: string) => ({ code: 'BAD_USER_INPUT', fields: [{ field: 'id', message }] });
    expect(await bob.refusal(serviceAccountById)).to.deep.equal(refusal('is required'));
    expect(await bob.refusal(serviceAccountById, { id: null })).to.deep.equal(refusal('is required'));
    expect(await bob.refusal(serviceAccountById, { id: { id: 1 } })).to.deep.equal(refusal('has the wrong type'));
  });
});
