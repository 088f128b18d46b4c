/**
 * Signed statements of where the chains ended. Kept outside of the database, they show when a whole former state of it was brought
 * back, or a chain was written anew from its beginning.
 */
import type { WriterSigner, WriterVerifier } from '../vault/sign.js';
import type { Checkpoint } from './verify-chain.js';

const statement = (checkpoints: readonly Checkpoint[], takenAt: number): Uint8Array =>
  new TextEncoder().encode(
    JSON.stringify([
      'nightsafe/audit-checkpoint',
      1,
      takenAt,
      checkpoints.map((c) => [c.organizationId, c.sequence, c.hash]),
    ]),
  );

/** The text of a checkpoint file. */
export function writeCheckpoints(checkpoints: readonly Checkpoint[], takenAt: number, signer: WriterSigner): string {
  const signature = Buffer.from(signer.sign(statement(checkpoints, takenAt))).toString('base64');
  return `${JSON.stringify({ takenAt, checkpoints, signature }, null, 2)}\n`;
}

/** Null when the text is no checkpoint file or its signature does not hold. */
export function readCheckpoints(text: string, verifier: WriterVerifier): readonly Checkpoint[] | null {
  try {
    const { takenAt, checkpoints, signature } = JSON.parse(text) as {
      takenAt: number;
      checkpoints: Checkpoint[];
      signature: string;
    };
    return verifier.verify(statement(checkpoints, takenAt), Buffer.from(signature, 'base64')) ? checkpoints : null;
  } catch {
    return null;
  }
}
