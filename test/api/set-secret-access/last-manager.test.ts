import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { previewSetSecretAccess, setSecretAccess } from '../../support/operations.js';
import { addGroups, alterGrantee } from '../../support/people.js';
import { createKey, type GrantInput } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

describe('setSecretAccess that would leave nobody to manage the key', () => {
  it('is refused, and so is its preview, unless an active person who may change things keeps Manage', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot, growth } = team;
    const id = await createKey(bob);
    const [empty = ''] = await addGroups(team, 1, []);
    const [auditors = ''] = await addGroups(team, 1, [dave]);
    await alterGrantee(team, carol.id, { state: 'DEACTIVATED' });
    const manage = (granteeId: string): GrantInput => ({ granteeId, permission: 'MANAGE' });
    const choices: readonly (readonly GrantInput[])[] = [
      [],
      [{ granteeId: bob.id, permission: 'USE' }],
      [manage(deployBot.id)],
      [manage(empty)],
      [manage(dave.id)],
      [manage(auditors)],
      [manage(carol.id)],
      [manage(deployBot.id), manage(empty), manage(dave.id), manage(carol.id)],
    ];
    for (const grants of choices) {
      for (const caller of [bob, alice]) {
        for (const operation of [setSecretAccess, previewSetSecretAccess]) {
          const input = { id, level: 'TEAM', grants };
          expect(await unchanged(team, () => caller.refusal(operation, { input }))).to.deep.equal({
            code: 'LAST_MANAGER',
          });
        }
      }
    }
    await bob.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants: [manage(growth)] } });
  });

  it('also when the grants stay and the last manager has gone', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const id = await createKey(bob);
    await alterGrantee(team, bob.id, { state: 'DEACTIVATED' });
    const input = { id, level: 'TEAM' };
    expect(await unchanged(team, () => alice.refusal(setSecretAccess, { input }))).to.deep.equal({
      code: 'LAST_MANAGER',
    });
  });
});
