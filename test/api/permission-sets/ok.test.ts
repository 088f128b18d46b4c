import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { permissionSets } from '../../support/membership-operations.js';

describe('permissionSets', () => {
  it('tells everyone what the policies offer, what each set is for and to whom, in the order of the file', async () => {
    const { alice, api, bob, dave, deployBot, stranger } = await newTeam();
    const offered = api.services.policies.permissionSets.map(({ name, why, offeredTo }) => ({ name, why, offeredTo }));
    expect(offered).not.to.deep.equal([]);
    for (const client of [alice, bob, dave, deployBot, stranger]) {
      expect(await client.data(permissionSets)).to.deep.equal({ permissionSets: offered });
    }
  });
});
