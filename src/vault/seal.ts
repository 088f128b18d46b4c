/** Everything that can be done with public keys: nothing here can open what it seals. */
import { blake2b } from '@noble/hashes/blake2.js';
import { concatBytes } from '@noble/hashes/utils.js';
import nacl from 'tweetnacl';
import type { OrganizationId, SecretKeyId } from '../ids.js';
import { encode } from './encoding.js';
import { type BoxPair, generateBoxPair } from './keys.js';
import { pad } from './padding.js';

/** The one place where a sealed value belongs. It opens nowhere else. */
export interface ValueBinding {
  readonly organizationId: OrganizationId;
  readonly secretKeyId: SecretKeyId;
  readonly valueVersion: number;
  /** Which of the organization's pairs the value is sealed to. */
  readonly organizationKeyNumber: number;
}

/** One of an organization's numbered X25519 pairs; its private half is sealed to the root. */
export interface SealedOrganizationKey {
  readonly organizationId: OrganizationId;
  readonly number: number;
  readonly publicKey: Uint8Array;
  readonly sealedPrivateKey: Uint8Array;
}

/**
 * A value sealed to its organization: a sealed box over the binding's header and the padded value.
 *
 * @throws RangeError when the value has no byte or more than 65,536.
 */
export function sealValue(binding: ValueBinding, value: Uint8Array, organizationPublicKey: Uint8Array): Uint8Array {
  const padded = pad(value);
  try {
    return sealBound(valueHeader(binding), padded, organizationPublicKey);
  } finally {
    padded.fill(0);
  }
}

/** A new pair for an organization. Only the holder of the root's private half ever sees the new private half again. */
export function createOrganizationKey(
  organizationId: OrganizationId,
  number: number,
  rootPublicKey: Uint8Array,
): Pick<SealedOrganizationKey, 'publicKey' | 'sealedPrivateKey'> {
  const pair = generateBoxPair();
  try {
    return {
      publicKey: pair.publicKey,
      sealedPrivateKey: sealOrganizationKey(organizationId, number, pair, rootPublicKey),
    };
  } finally {
    pair.privateKey.fill(0);
  }
}

/** An organization's private half, sealed to a root; also to a new root, when the root is rotated. */
export function sealOrganizationKey(
  organizationId: OrganizationId,
  number: number,
  pair: BoxPair,
  rootPublicKey: Uint8Array,
): Uint8Array {
  return sealBound(
    organizationKeyHeader({ organizationId, number, publicKey: pair.publicKey }),
    pair.privateKey,
    rootPublicKey,
  );
}

/**
 * A sealed box, byte-compatible with libsodium's `crypto_box_seal`: an ephemeral public key (32 bytes) and a NaCl box
 * (16 bytes longer than the message) from that ephemeral pair to the recipient.
 *
 * @throws RangeError for a recipient with which everyone agrees on the same all-zero secret, such as the zero key.
 */
export function sealBox(message: Uint8Array, recipientPublicKey: Uint8Array): Uint8Array {
  const ephemeral = generateBoxPair();
  try {
    const key = boxKey(recipientPublicKey, ephemeral.privateKey);
    try {
      const nonce = sealedBoxNonce(ephemeral.publicKey, recipientPublicKey);
      return concatBytes(ephemeral.publicKey, nacl.box.after(message, nonce, key));
    } finally {
      key.fill(0);
    }
  } finally {
    ephemeral.privateKey.fill(0);
  }
}

/** The header under which a value is sealed; the opener makes it again from the row and compares. */
export const valueHeader = (binding: ValueBinding): Uint8Array =>
  encode([
    'nightsafe/value',
    1,
    binding.organizationId,
    binding.secretKeyId,
    binding.valueVersion,
    binding.organizationKeyNumber,
  ]);

/** The header under which an organization's private half is sealed. */
export const organizationKeyHeader = (key: Omit<SealedOrganizationKey, 'sealedPrivateKey'>): Uint8Array =>
  encode(['nightsafe/organization-key', 1, key.organizationId, key.number, key.publicKey]);

/** BLAKE2b over both public keys, 24 bytes, as libsodium does: the ephemeral pair is new for every box, so is the nonce. */
export const sealedBoxNonce = (ephemeralPublicKey: Uint8Array, recipientPublicKey: Uint8Array): Uint8Array =>
  blake2b(concatBytes(ephemeralPublicKey, recipientPublicKey), { dkLen: nacl.box.nonceLength });

/**
 * The symmetric key that two pairs agree on. libsodium refuses a public key of small order, tweetnacl does not: with
 * every such key the agreed secret is all zero, and so the key is the one that follows from the zero public key.
 *
 * @throws RangeError for a public key of small order.
 */
export function boxKey(theirPublicKey: Uint8Array, ourPrivateKey: Uint8Array): Uint8Array {
  const key = nacl.box.before(theirPublicKey, ourPrivateKey);
  if (nacl.verify(key, keyOfZeroSecret)) throw new RangeError('The public key is of small order.');
  return key;
}

const keyOfZeroSecret = nacl.box.before(
  new Uint8Array(nacl.box.publicKeyLength),
  new Uint8Array(nacl.box.secretKeyLength),
);

function sealBound(header: Uint8Array, content: Uint8Array, recipientPublicKey: Uint8Array): Uint8Array {
  const message = concatBytes(header, content);
  try {
    return sealBox(message, recipientPublicKey);
  } finally {
    message.fill(0);
  }
}
