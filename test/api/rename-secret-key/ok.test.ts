import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { renameSecretKey, secretKey, secretKeys } from '../../support/operations.js';
import { createKey, uniqueName } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, signedAccess } from '../../support/stored.js';

describe('renameSecretKey', () => {
  it('changes the name alone, and records it', async () => {
    const team = await newTeam();
    const { bob } = team;
    const value = 'not-a-real-secret';
    const id = await createKey(bob, { name: 'Payments', value });
    const { secretKey: before } = await bob.data(secretKey, { id });
    const { renameSecretKey: renamed } = await bob.data(renameSecretKey, { input: { id, name: ' Invoices\n' } });
    const { updatedAt } = renamed.secretKey;
    expect(renamed).to.deep.equal({ secretKey: { ...before, name: 'Invoices', updatedAt }, warnings: [] });
    expect(Date.parse(updatedAt)).to.be.at.least(Date.parse(before.updatedAt));
    expect(await bob.data(secretKey, { id })).to.deep.equal({ secretKey: renamed.secretKey });
    expect((await signedAccess(team, id)).accessRevision).to.equal(1);
    expect((await openStoredValue(team, id)).toString()).to.equal(value);
    expect((await recordedEvents(team)).slice(1)).to.deep.equal([
      {
        type: 'secretKey.renamed',
        actor: 'Bob',
        subject: { type: 'SecretKey', id, name: 'Invoices' },
        details: { from: 'Payments', to: 'Invoices', descriptionChanged: false },
        rule: 'secret-key/manage-by-grant',
      },
    ]);
  });

  it('keeps the description when it is omitted, replaces it when given, removes it with null', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    const rename = async (description?: string | null) => {
      const input = { id, name: 'Payments', description };
      return (await bob.data(renameSecretKey, { input })).renameSecretKey.secretKey.description;
    };
    expect([
      await rename(),
      await rename('For the shop'),
      await rename(),
      await rename('For the shop'),
      await rename(null),
    ]).to.deep.equal([null, 'For the shop', 'For the shop', 'For the shop', null]);
    const changed = (await recordedEvents(team)).slice(1).map(({ details }) => details.descriptionChanged);
    expect(changed).to.deep.equal([false, true, false, false, true]);
  });

  it('moves the key to its new place in every list', async () => {
    const { alice, bob, carol } = await newTeam();
    const id = await createKey(bob, { name: 'b', level: 'TEAM' });
    await createKey(bob, { name: 'a', level: 'TEAM' });
    await bob.data(renameSecretKey, { input: { id, name: 'A-first' } });
    await bob.data(renameSecretKey, { input: { id, name: '0' } });
    for (const client of [alice, bob, carol]) {
      const { secretKeys: list } = await client.data(secretKeys);
      expect(list.nodes.map(({ name }: { name: string }) => name)).to.deep.equal(['0', 'a']);
      const { secretKeys: found } = await client.data(secretKeys, { filter: { search: 'first' } });
      expect(found.nodes).to.deep.equal([]);
    }
  });

  it('lets a key take its own name in another spelling, and a name that was freed', async () => {
    const { bob } = await newTeam();
    const name = uniqueName('freed');
    const first = await createKey(bob, { name });
    const second = await createKey(bob);
    await bob.data(renameSecretKey, { input: { id: first, name: name.toUpperCase() } });
    await bob.data(renameSecretKey, { input: { id: first, name: uniqueName() } });
    await bob.data(renameSecretKey, { input: { id: second, name } });
    expect((await bob.data(secretKey, { id: second })).secretKey.name).to.equal(name);
  });

  it('is allowed to a manager through a group, to a service account that manages, and to an administrator', async () => {
    const team = await newTeam();
    const { alice, bob, carol, deployBot, platform } = team;
    const id = await createKey(bob, {
      grants: [
        { granteeId: platform, permission: 'MANAGE' },
        { granteeId: deployBot.id, permission: 'MANAGE' },
      ],
    });
    await carol.data(renameSecretKey, { input: { id, name: 'By Carol' } });
    await deployBot.data(renameSecretKey, { input: { id, name: 'By deploy-bot' } });
    const restricted = await createKey(bob);
    await alice.data(renameSecretKey, { input: { id: restricted, name: 'By Alice' } });
    expect((await recordedEvents(team)).slice(-4).map(({ type, actor, rule }) => [type, actor, rule])).to.deep.equal([
      ['secretKey.renamed', 'Carol', 'secret-key/manage-by-grant'],
      ['secretKey.renamed', 'deploy-bot', 'secret-key/manage-by-grant'],
      ['secretKey.created', 'Bob', 'secret-key/create'],
      ['secretKey.renamed', 'Alice', 'secret-key/admin-manage'],
    ]);
  });
});
