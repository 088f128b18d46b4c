import {
  type BinaryLike,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  type ScryptOptions,
  scrypt,
} from 'node:crypto';
import { promisify } from 'node:util';
import { encode } from './encoding.js';

const scryptBytes = promisify<BinaryLike, BinaryLike, number, ScryptOptions, Uint8Array>(scrypt);

/** The scrypt paper's cost for interactive logins (Percival, 2009): 16 MiB and some tens of milliseconds for a guess. */
const scryptCost = { N: 2 ** 14, r: 8, p: 1 };

/**
 * Tells whether an idempotent request is repeated with the same input, without the input being stored. Whoever reads the
 * stored fingerprints cannot test a guess without the writer's private key, and with it pays scrypt for each guess.
 */
export class InputFingerprint {
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  /** @param bytes the writer's 32-byte seed, from which HKDF-SHA256 (RFC 5869) makes a key for this one purpose. */
  static fromPrivateKey(bytes: Uint8Array): InputFingerprint {
    const derived = new Uint8Array(hkdfSync('sha256', bytes, '', 'nightsafe/input-fingerprint/1', 32));
    const key = createSecretKey(derived);
    derived.fill(0);
    return new InputFingerprint(key);
  }

  /**
   * HMAC-SHA256 in hex, 64 characters: equal for equal input.
   *
   * @param canonicalText the input without its secret, always written the same way.
   * @param secret the secret part, and a salt that the same request has again.
   */
  async of(canonicalText: string, secret?: { readonly bytes: Uint8Array; readonly salt: string }): Promise<string> {
    const stretched = secret === undefined ? null : await scryptBytes(secret.bytes, secret.salt, 32, scryptCost);
    return createHmac('sha256', this.#key)
      .update(encode(['nightsafe/input', 1, canonicalText, stretched]))
      .digest('hex');
  }
}
