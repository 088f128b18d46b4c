import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { explainSecretAccess } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('explainSecretAccess to whoever may only use the key', () => {
  it('is FORBIDDEN, also about themselves', async () => {
    const { bob, carol, deployBot } = await newTeam();
    const id = await createKey(carol, { level: 'TEAM' });
    for (const caller of [bob, deployBot]) {
      for (const granteeId of [caller.id, carol.id, 'not-an-id']) {
        expect(await caller.refusal(explainSecretAccess, { secretKeyId: id, granteeId, action: 'USE' })).to.deep.equal({
          code: 'FORBIDDEN',
        });
      }
    }
  });
});
