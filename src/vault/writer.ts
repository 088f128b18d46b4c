/** Everything that the api process holds of the vault: it seals and signs. No key here opens anything. */
import { InputFingerprint } from './fingerprint.js';
import { RememberingVerifier } from './remembering-verifier.js';
import { type Verifier, WriterSigner, WriterVerifier } from './sign.js';

/** Some 100 bytes each. */
const rememberedDocuments = 50_000;

export interface Writer {
  readonly signer: WriterSigner;
  /** Remembers what it has verified: every request reads signed rows. */
  readonly verifier: Verifier;
  readonly fingerprint: InputFingerprint;
  /** New organizations' private halves are sealed to it. */
  readonly rootPublicKey: Uint8Array;
}

/** @param keys raw 32-byte keys, as read from the key files. The private one is not kept. */
export function createWriter(keys: {
  readonly writerPrivateKey: Uint8Array;
  readonly writerPublicKey: Uint8Array;
  readonly rootPublicKey: Uint8Array;
}): Writer {
  return {
    signer: WriterSigner.fromPrivateKey(keys.writerPrivateKey),
    verifier: new RememberingVerifier(WriterVerifier.fromPublicKey(keys.writerPublicKey), rememberedDocuments),
    fingerprint: InputFingerprint.fromPrivateKey(keys.writerPrivateKey),
    rootPublicKey: keys.rootPublicKey,
  };
}
