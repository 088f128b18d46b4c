/** Ids, bindings and pairs for the vault's tests. Nothing here was ever a real key. */
import type { GranteeId, OrganizationId, SecretKeyId } from '../../src/ids.js';
import type { BoxPair } from '../../src/vault/keys.js';
import type { ValueBinding } from '../../src/vault/seal.js';

export const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
export const fromHex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Alice's and Bob's pairs of RFC 7748, section 6.1, which NaCl's own tests use too. */
export const alice: BoxPair = {
  privateKey: fromHex('77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a'),
  publicKey: fromHex('8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a'),
};
export const bob: BoxPair = {
  privateKey: fromHex('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb'),
  publicKey: fromHex('de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f'),
};

export const organizationId = '01900000-0000-7000-8000-000000000001' as OrganizationId;
export const otherOrganizationId = '01900000-0000-7000-8000-000000000002' as OrganizationId;
export const secretKeyId = '01900000-0000-7000-8000-00000000000a' as SecretKeyId;
export const otherSecretKeyId = '01900000-0000-7000-8000-00000000000b' as SecretKeyId;
export const personId = '01900000-0000-7000-8000-0000000000f1' as GranteeId;
export const groupId = '01900000-0000-7000-8000-0000000000f2' as GranteeId;
export const serviceAccountId = '01900000-0000-7000-8000-0000000000f3' as GranteeId;

export const binding: ValueBinding = { organizationId, secretKeyId, valueVersion: 3, organizationKeyNumber: 2 };

export const canary = 'canary-not-a-secret';

/** Every copy of `bytes` that differs in one bit. */
export function* singleBitFlips(bytes: Uint8Array): Generator<Uint8Array> {
  for (let index = 0; index < bytes.length; index += 1) {
    for (let bit = 0; bit < 8; bit += 1) {
      yield bytes.map((byte, at) => (at === index ? byte ^ (1 << bit) : byte));
    }
  }
}
