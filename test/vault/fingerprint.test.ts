import { createHmac, hkdfSync, scryptSync } from 'node:crypto';
import { inspect } from 'node:util';
import { expect } from 'chai';
import { encode } from '../../src/vault/encoding.js';
import { InputFingerprint } from '../../src/vault/fingerprint.js';
import { canary, utf8 } from './fixtures.js';

const writerKey = new Uint8Array(32).fill(3);
const fingerprint = InputFingerprint.fromPrivateKey(writerKey);
const secret = (text: string, salt = 'salt') => ({ bytes: utf8(text), salt });

describe('vault fingerprint', () => {
  it('is equal for equal input, also after a restart', async () => {
    const again = InputFingerprint.fromPrivateKey(writerKey);
    expect(await fingerprint.of('text')).to.equal(await again.of('text'));
    expect(await fingerprint.of('text', secret(canary))).to.equal(await again.of('text', secret(canary)));
  });

  it('differs when the text, the secret, the salt, the presence of a secret or the writer differs', async () => {
    const other = InputFingerprint.fromPrivateKey(new Uint8Array(32).fill(4));
    const all = await Promise.all([
      fingerprint.of('text'),
      fingerprint.of('text2'),
      fingerprint.of('text', secret(canary)),
      fingerprint.of('text2', secret(canary)),
      fingerprint.of('text', secret(`${canary}2`)),
      fingerprint.of('text', secret(canary, 'pepper')),
      fingerprint.of('text', secret('')),
      other.of('text'),
      other.of('text', secret(canary)),
    ]);
    expect(new Set(all).size).to.equal(all.length);
    for (const one of all) expect(one).to.match(/^[0-9a-f]{64}$/);
  });

  it('is HMAC-SHA256, under a key that HKDF made, over the text and scrypt of the secret with N = 2^14', async () => {
    const key = Buffer.from(hkdfSync('sha256', writerKey, '', 'nightsafe/input-fingerprint/1', 32));
    const stretched = scryptSync(canary, 'salt', 32, { N: 16_384, r: 8, p: 1 });
    const expected = (rest: Uint8Array | null) =>
      createHmac('sha256', key)
        .update(encode(['nightsafe/input', 1, 'text', rest]))
        .digest('hex');
    expect(await fingerprint.of('text')).to.equal(expected(null));
    expect(await fingerprint.of('text', secret(canary))).to.equal(expected(stretched));
  });

  it('leaves the key and the secret it was given as they are, and shows no key when printed', async () => {
    const given = secret(canary);
    await fingerprint.of('text', given);
    expect(given).to.deep.equal(secret(canary));
    expect(writerKey).to.deep.equal(new Uint8Array(32).fill(3));
    expect(inspect(fingerprint, { showHidden: true, depth: null })).to.equal('InputFingerprint {}');
    expect(JSON.stringify(fingerprint)).to.equal('{}');
  });
});
