import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { members } from '../../support/membership-operations.js';

describe('members by what the caller may not see', () => {
  it('is FORBIDDEN to a member and a service account, also when nobody would be found', async () => {
    const { bob, deployBot } = await newTeam();
    for (const caller of [bob, deployBot]) {
      for (const filter of [{ role: 'ADMIN' }, { state: 'ACTIVE' }, { state: 'DEACTIVATED', search: 'nobody' }]) {
        expect(await caller.refusal(members, filter)).to.deep.equal({ code: 'FORBIDDEN' });
      }
    }
  });
});
