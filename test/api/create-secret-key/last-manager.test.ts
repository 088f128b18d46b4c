import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { createSecretKey } from '../../support/operations.js';
import { addGroups } from '../../support/people.js';
import { fakeValue, type GrantInput, uniqueName } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('createSecretKey without anyone to manage the key', () => {
  it('refuses a service account that names no person, and no group with one, as manager', async () => {
    const team = await newTeam();
    const { bob, dave, deployBot } = team;
    const [empty = ''] = await addGroups(team, 1, []);
    const [auditors = ''] = await addGroups(team, 1, [dave]);
    const choices: readonly (readonly GrantInput[])[] = [
      [],
      [{ granteeId: bob.id, permission: 'USE' }],
      [{ granteeId: empty, permission: 'MANAGE' }],
      [{ granteeId: auditors, permission: 'MANAGE' }],
      [{ granteeId: dave.id, permission: 'MANAGE' }],
    ];
    for (const grants of choices) {
      const input = { name: uniqueName(), value: fakeValue(), access: { level: 'TEAM', grants } };
      expect(await unchanged(team, () => deployBot.refusal(createSecretKey, { input }))).to.deep.equal({
        code: 'LAST_MANAGER',
      });
    }
  });
});
