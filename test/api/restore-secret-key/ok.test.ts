import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { deletedSecretKeys, restoreSecretKey, secretKey, secretKeys } from '../../support/operations.js';
import { alterGrantee } from '../../support/people.js';
import { createKey, deleteKey } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, signedAccess } from '../../support/stored.js';

describe('restoreSecretKey', () => {
  it('brings a key back as it was, with its value, its grants and its places in lists', async () => {
    const team = await newTeam();
    const { bob, carol, growth, platform } = team;
    const value = 'not-a-real-secret';
    const id = await createKey(carol, {
      name: 'Payments',
      value,
      grants: [
        { granteeId: growth, permission: 'MANAGE' },
        { granteeId: platform, permission: 'USE' },
      ],
    });
    const { secretKey: before } = await carol.data(secretKey, { id });
    const { grants: kept, ...others } = await signedAccess(team, id);
    await deleteKey(carol, id);
    const { restoreSecretKey: restored } = await bob.data(restoreSecretKey, { input: { id } });
    const { updatedAt } = restored.secretKey;
    expect(restored).to.deep.equal({ secretKey: { ...before, accessRevision: 2, updatedAt }, warnings: [] });
    expect(await carol.data(secretKey, { id })).to.deep.equal({ secretKey: restored.secretKey });
    for (const client of [bob, carol]) {
      expect((await client.data(secretKeys)).secretKeys.nodes).to.deep.equal([{ id, name: 'Payments' }]);
      expect((await client.data(deletedSecretKeys)).deletedSecretKeys.nodes).to.deep.equal([]);
    }
    const { grants, ...terms } = await signedAccess(team, id);
    expect(terms).to.deep.equal({ ...others, accessRevision: 2 });
    expect(grants).to.have.deep.members(kept);
    expect((await openStoredValue(team, id)).toString()).to.equal(value);
    const [event, ...more] = (await recordedEvents(team)).slice(2);
    expect(more).to.deep.equal([]);
    expect(event).to.deep.equal({
      type: 'secretKey.restored',
      actor: 'Bob',
      subject: { type: 'SecretKey', id, name: 'Payments' },
      details: { formerName: 'Payments', grants: event?.details.grants },
      rule: 'secret-key/manage-by-grant',
    });
    expect(event?.details.grants).to.have.deep.members(kept);
  });

  it('brings a Team key back to the whole team, also by an administrator without a grant', async () => {
    const team = await newTeam();
    const { alice, bob, deployBot } = team;
    const id = await createKey(bob, { level: 'TEAM' });
    await deleteKey(bob, id);
    await alice.data(restoreSecretKey, { input: { id } });
    expect((await deployBot.data(secretKey, { id })).secretKey.viewerCan).to.deep.equal(['USE', 'USE_RAW']);
    expect((await deployBot.data(secretKeys)).secretKeys.totalCount).to.equal(1);
    expect((await signedAccess(team, id)).accessLevel).to.equal('TEAM');
  });

  it('gives the key a new name when one is asked for', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob, { name: 'Payments' });
    await deleteKey(bob, id);
    const { restoreSecretKey: restored } = await bob.data(restoreSecretKey, { input: { id, name: ' Invoices ' } });
    expect(restored.secretKey.name).to.equal('Invoices');
    expect((await bob.data(secretKeys, { filter: { search: 'invoices' } })).secretKeys.nodes).to.deep.equal([
      { id, name: 'Invoices' },
    ]);
    const event = (await recordedEvents(team)).at(-1);
    expect([event?.subject.name, event?.details.formerName]).to.deep.equal(['Invoices', 'Payments']);
  });

  it('leaves out grants to whoever is gone, and gives Manage to the restorer when nobody else could manage', async () => {
    const team = await newTeam();
    const { alice, bob, carol, growth } = team;
    const id = await createKey(bob, {
      grants: [
        { granteeId: growth, permission: 'MANAGE' },
        { granteeId: carol.id, permission: 'USE' },
        { granteeId: alice.id, permission: 'USE' },
      ],
    });
    await deleteKey(bob, id);
    await alterGrantee(team, growth, { state: 'DELETED' });
    await alterGrantee(team, bob.id, { state: 'DEACTIVATED' });
    await alice.data(restoreSecretKey, { input: { id } });
    const grants = [
      { granteeId: bob.id, permission: 'MANAGE' },
      { granteeId: carol.id, permission: 'USE' },
      { granteeId: alice.id, permission: 'MANAGE' },
    ];
    expect((await signedAccess(team, id)).grants).to.have.deep.members(grants);
    expect((await recordedEvents(team)).at(-1)?.details.grants).to.have.deep.members(grants);
  });

  it('restores a key that was restored and deleted before', async () => {
    const { bob } = await newTeam();
    const id = await createKey(bob);
    for (let round = 0; round < 2; round += 1) {
      await deleteKey(bob, id);
      await bob.data(restoreSecretKey, { input: { id } });
    }
    expect((await bob.data(secretKey, { id })).secretKey.deletedAt).to.equal(null);
  });
});
