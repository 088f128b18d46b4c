import { expect } from 'chai';
import { type Client, newTeam } from '../../support/api.js';
import { previewSetSecretAccess, secretKey, setSecretAccess } from '../../support/operations.js';
import { addServiceAccounts } from '../../support/people.js';
import { createKey, type GrantInput } from '../../support/secret-keys.js';
import { unchanged } from '../../support/stored.js';

type Change = { grantee: { name: string }; before: string; after: string };

/** What the API lets somebody do with a key, in the words of a preview. */
async function standingOf(client: Client, id: string): Promise<string> {
  const { secretKey: key } = await client.data(secretKey, { id });
  if (key === null) return 'NONE';
  const mayUse = key.viewerCan.includes('USE');
  if (key.viewerCan.includes('SET_ACCESS')) return mayUse ? 'MANAGE_AND_USE' : 'MANAGE';
  return mayUse ? 'USE' : 'SEE';
}

describe('previewSetSecretAccess', () => {
  it('lists who gains and who loses, by name, and changes nothing', async () => {
    const team = await newTeam();
    const { alice, bob, carol, deployBot } = team;
    const id = await createKey(bob, { grants: [{ granteeId: deployBot.id, permission: 'MANAGE' }] });
    const person = ({ id: granteeId, name }: Client) => ({ id: granteeId, kind: 'PERSON', name });
    const grants = [{ granteeId: carol.id, permission: 'MANAGE' }];
    const input = { id, level: 'TEAM', grants, expectedAccessRevision: 1 };
    expect(await unchanged(team, () => bob.data(previewSetSecretAccess, { input }))).to.deep.equal({
      previewSetSecretAccess: {
        gains: [
          { grantee: person(alice), before: 'MANAGE', after: 'MANAGE_AND_USE' },
          { grantee: person(carol), before: 'NONE', after: 'MANAGE_AND_USE' },
        ],
        gainCount: 2,
        losses: [
          { grantee: person(bob), before: 'MANAGE_AND_USE', after: 'USE' },
          {
            grantee: { id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' },
            before: 'MANAGE_AND_USE',
            after: 'USE',
          },
        ],
        lossCount: 2,
      },
    });
  });

  it('says nothing of a change that changes nothing for anybody', async () => {
    const { bob, growth } = await newTeam();
    const id = await createKey(bob);
    const nobody = { gains: [], gainCount: 0, losses: [], lossCount: 0 };
    const manage = { granteeId: bob.id, permission: 'MANAGE' };
    for (const grants of [undefined, [manage], [manage, { granteeId: growth, permission: 'MANAGE' }]]) {
      expect(await bob.data(previewSetSecretAccess, { input: { id, level: 'RESTRICTED', grants } })).to.deep.equal({
        previewSetSecretAccess: nobody,
      });
    }
  });

  it('foretells what setSecretAccess then does for each of them', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot, growth, platform } = team;
    const everyone = [alice, bob, carol, dave, deployBot];
    const id = await createKey(alice, { grants: [{ granteeId: growth, permission: 'USE' }] });
    const manage = (granteeId: string): GrantInput => ({ granteeId, permission: 'MANAGE' });
    const use = (granteeId: string): GrantInput => ({ granteeId, permission: 'USE' });
    const changes: readonly { level: string; grants?: readonly GrantInput[] }[] = [
      { level: 'TEAM' },
      { level: 'RESTRICTED', grants: [manage(platform), use(deployBot.id), use(dave.id)] },
      { level: 'RESTRICTED', grants: [manage(growth), use(carol.id)] },
      { level: 'TEAM', grants: [manage(bob.id), manage(deployBot.id), manage(dave.id)] },
      { level: 'RESTRICTED' },
    ];
    for (const change of changes) {
      const input = { id, ...change };
      const before = await Promise.all(everyone.map((client) => standingOf(client, id)));
      const { previewSetSecretAccess: preview } = await alice.data(previewSetSecretAccess, { input });
      await alice.data(setSecretAccess, { input });
      const after = await Promise.all(everyone.map((client) => standingOf(client, id)));
      const foretold: Change[] = [...preview.gains, ...preview.losses];
      const happened = everyone
        .map(({ name }, index) => ({ name, before: before[index], after: after[index] }))
        .filter((standing) => standing.before !== standing.after);
      expect(foretold.map(({ grantee, ...standings }) => ({ name: grantee.name, ...standings }))).to.have.deep.members(
        happened,
      );
    }
  });

  it('counts all of them and lists the first 200 by name', async () => {
    const team = await newTeam();
    await addServiceAccounts(team, 205);
    const id = await createKey(team.bob);
    const { previewSetSecretAccess: preview } = await team.bob.data(previewSetSecretAccess, {
      input: { id, level: 'TEAM' },
    });
    const names = preview.gains.map(({ grantee }: Change) => grantee.name);
    const accounts = Array.from({ length: 205 }, (_, index) => `account-${index}`).sort();
    expect({ names, gainCount: preview.gainCount, lossCount: preview.lossCount }).to.deep.equal({
      names: [...accounts, 'Alice'].slice(0, 200),
      gainCount: 208,
      lossCount: 0,
    });
  });

  it('answers an administrator without a grant', async () => {
    const { alice, bob } = await newTeam();
    const id = await createKey(bob);
    const { previewSetSecretAccess: preview } = await alice.data(previewSetSecretAccess, {
      input: { id, level: 'TEAM' },
    });
    expect([preview.gainCount, preview.lossCount]).to.deep.equal([3, 0]);
  });
});
