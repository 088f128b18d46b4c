import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { mintServiceToken, parseServiceToken, secretHashMatches } from '../../src/authentication/service-token.js';
import { newId, type OrganizationId, type ServiceTokenId } from '../../src/ids.js';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const organizationId = '019a0000-0000-7000-8000-0000000000a1' as OrganizationId;
const tokenId = '019a0000-0000-7000-8000-0000000000b2' as ServiceTokenId;

/** Made by another program from the description of the format; its secret is `fake canary of a service token!!`. */
const reference = {
  token: 'ns_0NXs9sGQWDGNG5V6s2Tp3Q7aQVyJv3xFOX0AoMiYYVuOHD1CcIEaewJViJa8UVOEmdxC0mGsd75aFO0dq8WYvB2BsTRH',
  secretHash: '9a07699e99dcfeb83b5fd8c6b4255943aac4d3938a430196aadead32d39aa52c',
};

/** The body with the checksum that belongs to it: what somebody who knows the format can always make. */
function withChecksum(body: string): string {
  let digits = '';
  for (let rest = crc32(body), place = 0; place < 6; place += 1, rest = Math.floor(rest / 62)) {
    digits = alphabet.charAt(rest % 62) + digits;
  }
  return body + digits;
}

describe('authentication/service-token', () => {
  it('reads a token that another program has made by the description', () => {
    expect(withChecksum(reference.token.slice(0, -6))).to.equal(reference.token);
    expect(parseServiceToken(reference.token)).to.deep.equal({
      organizationId,
      tokenId,
      secretHash: reference.secretHash,
    });
  });

  it('reads back the ids and the hash of every token it mints, all of one length', () => {
    const id = fc.uuid({ version: 7 });
    fc.assert(
      fc.property(id, id, (organization, tokenIdentity) => {
        const ids = { organizationId: organization as OrganizationId, tokenId: tokenIdentity as ServiceTokenId };
        const { token, secretHash } = mintServiceToken(ids.organizationId, ids.tokenId);
        expect(token).to.match(/^ns_[0-9A-Za-z]{92}$/);
        expect(secretHash).to.equal(createHash('sha256').update(token).digest('hex'));
        expect(parseServiceToken(token)).to.deep.equal({ ...ids, secretHash });
      }),
    );
  });

  it('mints another secret every time, also for the same ids', () => {
    const secrets = Array.from({ length: 100 }, () => mintServiceToken(organizationId, tokenId).token.slice(46, 89));
    expect(new Set(secrets).size).to.equal(100);
  });

  it('refuses a token in which any single character was replaced, dropped, doubled or swapped with its neighbor', () => {
    const { token } = mintServiceToken(newId(), newId());
    const changed = new Set<string>();
    for (let at = 0; at < token.length; at += 1) {
      const [head, character, tail] = [token.slice(0, at), token.charAt(at), token.slice(at + 1)];
      for (const other of `${alphabet}_-. é`) changed.add(head + other + tail);
      changed.add(head + tail);
      changed.add(head + character + character + tail);
      changed.add(head + tail.charAt(0) + character + tail.slice(1));
    }
    changed.delete(token);
    expect(changed.size).to.be.greaterThan(95 * 61);
    expect([...changed].filter((text) => parseServiceToken(text) !== null)).to.deep.equal([]);
  });

  it('gives another hash for another secret, even when the checksum was made to fit', () => {
    const { token, secretHash } = mintServiceToken(organizationId, tokenId);
    for (let at = 46; at < 89; at += 1) {
      const other = token.charAt(at) === '0' ? '1' : '0';
      const parsed = parseServiceToken(withChecksum(token.slice(0, at) + other + token.slice(at + 1, 89)));
      expect(parsed).to.include({ organizationId, tokenId });
      expect(secretHashMatches(secretHash, parsed?.secretHash ?? '')).to.equal(false);
    }
  });

  it('refuses ids that are none, even when the checksum was made to fit', () => {
    const secret = '0'.repeat(43);
    for (const ids of ['0'.repeat(42).concat('1'), 'z'.repeat(43), '1'.repeat(43)]) {
      expect(parseServiceToken(withChecksum(`ns_${ids}${secret}`))).to.equal(null);
    }
  });

  it('gives null, and never throws, for any other text', () => {
    const base62 = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 91, maxLength: 93 });
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      base62.map((text) => `ns_${text}`),
    );
    fc.assert(fc.property(texts, (text) => parseServiceToken(text) === null));
    for (const text of ['', 'ns_', `${reference.token}\n`, ` ${reference.token}`, reference.token.toLowerCase()]) {
      expect(parseServiceToken(text)).to.equal(null);
    }
  });

  it('compares hashes as a whole, and hashes of different lengths without throwing', () => {
    const hash = reference.secretHash;
    const others = ['', hash.slice(1), `${hash}0`, hash.toUpperCase(), `0${hash.slice(1)}`, `${hash.slice(0, -1)}d`];
    expect(secretHashMatches(hash, `${hash}`)).to.equal(true);
    expect(others.map((other) => secretHashMatches(hash, other))).to.deep.equal(others.map(() => false));
  });
});
