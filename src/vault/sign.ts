/** Ed25519 (RFC 8032) on Node's own implementation, which is far quicker than tweetnacl's. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const keyLength = 32;
export const signatureLength = 64;

/** What RFC 8410 puts before a raw Ed25519 key in PKCS #8 and in SubjectPublicKeyInfo. */
const privateKeyPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicKeyPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/** Signs what the api writes. Printing a signer shows no key. */
export class WriterSigner {
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  /** @param bytes the 32-byte seed. */
  static fromPrivateKey(bytes: Uint8Array): WriterSigner {
    requireKeyLength(bytes);
    const der = Buffer.concat([privateKeyPrefix, bytes]);
    try {
      return new WriterSigner(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
    } finally {
      der.fill(0);
    }
  }

  /** A signature of 64 bytes. */
  sign(document: Uint8Array): Uint8Array {
    return Uint8Array.from(sign(null, document, this.#key));
  }
}

/** Tells whether the api wrote a document. */
export interface Verifier {
  /** False also for a signature of a wrong length. */
  verify(document: Uint8Array, signature: Uint8Array): boolean;
}

export class WriterVerifier implements Verifier {
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
  }

  /** @param bytes the 32-byte public key. */
  static fromPublicKey(bytes: Uint8Array): WriterVerifier {
    requireKeyLength(bytes);
    const der = Buffer.concat([publicKeyPrefix, bytes]);
    return new WriterVerifier(createPublicKey({ key: der, format: 'der', type: 'spki' }));
  }

  verify(document: Uint8Array, signature: Uint8Array): boolean {
    return verify(null, document, this.#key, signature);
  }
}

function requireKeyLength(bytes: Uint8Array): void {
  if (bytes.length !== keyLength) throw new RangeError(`A writer key has ${keyLength} bytes.`);
}
