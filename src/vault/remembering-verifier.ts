import { createHash } from 'node:crypto';
import { signatureLength, type Verifier } from './sign.js';

/**
 * Remembers what it has found to be signed, so that a row that is read again and again costs one hash each time. Holds no document, only
 * SHA-256 of it with its signature, and no more than `capacity` of them; what was asked for the longest ago makes room.
 */
export class RememberingVerifier implements Verifier {
  readonly #signed = new Set<string>();

  constructor(
    private readonly verifier: Verifier,
    readonly capacity: number,
  ) {}

  verify(document: Uint8Array, signature: Uint8Array): boolean {
    // As all signatures have one length, nothing else gives the same bytes.
    if (signature.length !== signatureLength) return false;
    const key = createHash('sha256').update(document).update(signature).digest('base64');
    if (this.#signed.delete(key)) {
      this.#signed.add(key);
      return true;
    }
    if (!this.verifier.verify(document, signature)) return false;
    for (const oldest of this.#signed) {
      if (this.#signed.size < this.capacity) break;
      this.#signed.delete(oldest);
    }
    this.#signed.add(key);
    return true;
  }
}
