import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { restoreSecretKey } from '../../support/operations.js';
import { alterGrantee } from '../../support/people.js';
import { createKey, deleteKey } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('restoreSecretKey when all people who managed the key are gone', () => {
  it('is refused to a service account, which cannot be the only manager', async () => {
    const team = await newTeam();
    const { bob, deployBot } = team;
    const id = await createKey(bob, { grants: [{ granteeId: deployBot.id, permission: 'MANAGE' }] });
    await deleteKey(bob, id);
    await alterGrantee(team, bob.id, { state: 'DEACTIVATED' });
    expect(await unchanged(team, () => deployBot.refusal(restoreSecretKey, { input: { id } }))).to.deep.equal({
      code: 'LAST_MANAGER',
    });
  });
});
