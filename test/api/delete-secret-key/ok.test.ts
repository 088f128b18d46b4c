import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { deletedSecretKeys, deleteSecretKey, secretKey, secretKeys } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, storedRows } from '../../support/stored.js';

const day = 24 * 60 * 60 * 1000;

describe('deleteSecretKey', () => {
  it('takes the key out of everyone’s sight at once, and tells until when it can be restored', async () => {
    const team = await newTeam();
    const { alice, api, bob, carol, dave, deployBot } = team;
    const value = 'not-a-real-secret';
    const id = await createKey(bob, { name: 'Payments', value, level: 'TEAM' });
    const started = Date.now();
    const { deleteSecretKey: deleted } = await bob.data(deleteSecretKey, { input: { id } });
    const restorableUntil = Date.parse(deleted.restorableUntil);
    expect(deleted).to.deep.equal({ deletedId: id, restorableUntil: new Date(restorableUntil).toISOString() });
    expect(restorableUntil - api.config.retentionDays * day).to.be.within(started, Date.now());
    for (const client of [alice, bob, carol, dave, deployBot]) {
      expect(await client.data(secretKey, { id })).to.deep.equal({ secretKey: null });
      expect((await client.data(secretKeys)).secretKeys.totalCount).to.equal(0);
    }
    expect((await bob.data(deletedSecretKeys)).deletedSecretKeys.nodes).to.deep.equal([
      {
        id,
        name: 'Payments',
        viewerCan: ['RESTORE'],
        deletedAt: new Date(restorableUntil - api.config.retentionDays * day).toISOString(),
      },
    ]);
    expect((await storedRows(team)).secret_key_access).to.deep.equal([]);
    expect((await openStoredValue(team, id)).toString()).to.equal(value);
    expect((await recordedEvents(team)).slice(1)).to.deep.equal([
      {
        type: 'secretKey.deleted',
        actor: 'Bob',
        subject: { type: 'SecretKey', id, name: 'Payments' },
        details: { restorableUntil },
        rule: 'secret-key/manage-by-grant',
      },
    ]);
  });

  it('is allowed to an administrator without a grant', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    const { deleteSecretKey: deleted } = await team.alice.data(deleteSecretKey, { input: { id } });
    expect(deleted.deletedId).to.equal(id);
    expect((await recordedEvents(team)).slice(1).map(({ actor, rule }) => [actor, rule])).to.deep.equal([
      ['Alice', 'secret-key/admin-manage'],
    ]);
  });

  it('deletes once when several ask at the same time', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    const codes = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const { errors } = await team.bob.ask(deleteSecretKey, { input: { id } });
        return errors?.[0]?.extensions.code ?? 'deleted';
      }),
    );
    expect(codes.sort()).to.deep.equal(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND', 'deleted']);
    expect((await recordedEvents(team)).map(({ type }) => type)).to.deep.equal([
      'secretKey.created',
      'secretKey.deleted',
    ]);
  });
});
