import { expect } from 'chai';
import type { SecretKeyId } from '../../../src/ids.js';
import { SealedValueEntity } from '../../../src/modules/secret-key/sealed-value.entity.js';
import { newTeam } from '../../support/api.js';
import { createSecretKey, secretKey, updateSecretValue } from '../../support/operations.js';
import { createKey, fakeValue, uniqueName } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, signedAccess } from '../../support/stored.js';

describe('updateSecretValue', () => {
  it('puts a new version in place of the old one, whose ciphertext is gone', async () => {
    const team = await newTeam();
    const { api, bob, organizationId } = team;
    const id = await createKey(bob, { name: 'Payments' });
    const rows = () =>
      api.services.database.readAll(SealedValueEntity, { organizationId, secretKeyId: id as SecretKeyId });
    const [old] = await rows();
    const { secretKey: before } = await bob.data(secretKey, { id });
    const value = fakeValue();
    const { updateSecretValue: updated } = await bob.data(updateSecretValue, {
      input: { id, value, expectedVersion: 1 },
    });
    const { updatedAt } = updated.secretKey;
    expect(updated).to.deep.equal({
      secretKey: { ...before, valueVersion: 2, valueUpdatedAt: updatedAt, updatedAt },
      warnings: [],
    });
    expect(await bob.data(secretKey, { id })).to.deep.equal({ secretKey: updated.secretKey });
    const [current, ...others] = await rows();
    expect([current?.valueVersion, others]).to.deep.equal([2, []]);
    expect(current?.ciphertext).not.to.deep.equal(old?.ciphertext);
    expect((await openStoredValue(team, id)).toString()).to.equal(value);
    expect((await signedAccess(team, id)).accessRevision).to.equal(1);
    expect((await recordedEvents(team)).slice(1)).to.deep.equal([
      {
        type: 'secretKey.valueReplaced',
        actor: 'Bob',
        subject: { type: 'SecretKey', id, name: 'Payments' },
        details: { valueVersion: 2, expiresAt: null },
        rule: 'secret-key/manage-by-grant',
      },
    ]);
  });

  it('seals the same value anew, so that equal values do not show', async () => {
    const team = await newTeam();
    const { api, bob, organizationId } = team;
    const value = fakeValue();
    const id = await createKey(bob, { value });
    const read = async () => {
      const secretKeyId = id as SecretKeyId;
      const row = await api.services.database.read(SealedValueEntity, { organizationId, secretKeyId });
      return Buffer.from(row?.ciphertext ?? []).toString('hex');
    };
    const before = await read();
    await bob.data(updateSecretValue, { input: { id, value } });
    expect(await read()).not.to.equal(before);
    expect((await openStoredValue(team, id)).toString()).to.equal(value);
  });

  it('takes bytes as base64, and warns as createSecretKey does', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    const cases: readonly (readonly [Buffer, readonly string[]])[] = [
      [Buffer.from([0, 255]), ['SHORT_VALUE']],
      [Buffer.from('fake-key\n'), ['TRAILING_NEWLINE']],
      [Buffer.from('00000000'), ['GUESSABLE_VALUE']],
      [Buffer.alloc(65_536, 7), []],
    ];
    for (const [bytes, codes] of cases) {
      const { updateSecretValue: updated } = await team.bob.data(updateSecretValue, {
        input: { id, value: bytes.toString('base64'), valueEncoding: 'BASE64' },
      });
      expect(updated.warnings).to.deep.equal(codes.map((code) => ({ code })));
      expect((await openStoredValue(team, id)).equals(bytes)).to.equal(true);
    }
  });

  it('keeps the expiry when it is omitted, and signs one that is given or removed', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    const update = async (expiresAt?: string | null) => {
      const input = { id, value: fakeValue(), expiresAt };
      const { updateSecretValue: updated } = await team.bob.data(updateSecretValue, { input });
      const signed = await signedAccess(team, id);
      return [updated.secretKey.expiresAt, updated.secretKey.accessRevision, signed.expiresAt, signed.accessRevision];
    };
    const expiry = '2099-01-31T09:30:00.000Z';
    const instant = Date.parse(expiry);
    expect([await update(), await update(expiry), await update(), await update(null)]).to.deep.equal([
      [null, 1, null, 1],
      [expiry, 2, instant, 2],
      [expiry, 2, instant, 2],
      [null, 3, null, 3],
    ]);
    expect((await recordedEvents(team)).slice(1).map(({ details }) => details)).to.deep.equal([
      { valueVersion: 2, expiresAt: null },
      { valueVersion: 3, expiresAt: instant },
      { valueVersion: 4, expiresAt: instant },
      { valueVersion: 5, expiresAt: null },
    ]);
  });

  it('gives a key that code gets raw a new value that can be masked', async () => {
    const team = await newTeam();
    const { createSecretKey: created } = await team.bob.data(createSecretKey, {
      input: { name: uniqueName(), value: fakeValue(), uses: ['RAW'], rawReason: 'A test.' },
    });
    const { id } = created.secretKey;
    await team.bob.data(updateSecretValue, { input: { id, value: 'fake-key' } });
    expect((await openStoredValue(team, id)).toString()).to.equal('fake-key');
  });

  it('lets an administrator replace a value that they may not use', async () => {
    const team = await newTeam();
    const id = await createKey(team.bob);
    const value = fakeValue();
    const { updateSecretValue: updated } = await team.alice.data(updateSecretValue, { input: { id, value } });
    expect(updated.secretKey.viewerCan).to.deep.equal([
      'RENAME',
      'UPDATE_VALUE',
      'SET_ACCESS',
      'SET_USE',
      'ALLOW_RAW',
      'DELETE',
    ]);
    expect((await openStoredValue(team, id)).toString()).to.equal(value);
  });
});
