/** Rows that the api signed: nothing is decided by any other, and nothing is signed on top of one. */
import { ApiError } from '../errors.js';
import type { Verifier } from './sign.js';

export interface SignedRow {
  readonly table: string;
  readonly id: string;
  /** Made of what the row says, and of the rows that belong to it. Null when nothing like it is ever signed. */
  readonly document: Uint8Array | null;
  readonly signature: Uint8Array | null;
}

/** What the log says, with the table and the id. */
export const unsignedRow = 'a row is not what the api signed';

/** A row that is not what the api signed. The log and the operator learn which one, the caller nothing. */
export class UnsignedRowError extends ApiError {
  /** @param refusal for a caller who is nobody by such a row; any other gets the same as for every failure of ours. */
  constructor(
    readonly table: string,
    readonly id: string,
    refusal?: string,
  ) {
    super(
      refusal === undefined ? 'INTERNAL' : 'UNAUTHENTICATED',
      refusal ?? `The row ${id} of ${table} is not what the api signed.`,
    );
  }
}

/** Throws an UnsignedRowError. */
export function mustBeSigned(verifier: Verifier, { table, id, document, signature }: SignedRow): void {
  const isSigned = document !== null && signature !== null && verifier.verify(document, signature);
  if (!isSigned) throw new UnsignedRowError(table, id);
}
