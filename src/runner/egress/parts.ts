/** Puts values between the literal texts of parts, as bytes: what a place demands of them is said by whoever writes that place. */
import type { SecretKeyId } from '../../ids.js';
import { paddedLength } from '../../vault/padding.js';
import { EgressError, type EgressProblem, egressError, egressProblem } from './egress-error.js';
import type { EgressKey, NamedParts, Part } from './egress-request.js';

/** A part that is not literal text. */
export type Hole = Exclude<Part, { readonly text: string }>;

export const isText = (part: Part): part is { readonly text: string } => 'text' in part;

/** The keys in the parts, as often as they stand there. */
export function keysIn(parts: readonly Part[]): SecretKeyId[] {
  return parts.flatMap((part) => {
    if ('base64Of' in part) return keysIn(part.base64Of);
    return 'secretKeyId' in part ? [part.secretKeyId] : [];
  });
}

/** Each list of name and value parts with the path of its field, such as `query[0].name`. */
export function fieldsOf(
  path: string,
  rows: readonly NamedParts[],
): { readonly field: string; readonly row: NamedParts }[] {
  return rows.map((row, index) => ({ field: `${path}[${index}]`, row }));
}

/** The text of parts among which no key is: a check has seen to that. */
export const literalText = (parts: readonly Part[]): string =>
  Buffer.concat(parts.map((part) => bytesOf(part, new Map()))).toString();

/** A copy of the bytes of a part, which the caller fills with zero when it can. */
export function bytesOf(part: Part, keys: ReadonlyMap<SecretKeyId, EgressKey>): Buffer {
  if (isText(part)) return Buffer.from(part.text);
  if ('base64Of' in part) {
    return lendCounted(part.base64Of, keys, (bytes) => Buffer.from(bytes.toString('base64'), 'latin1'));
  }
  const key = keys.get(part.secretKeyId);
  if (key === undefined) throw new EgressError(unknownKey(null, part.secretKeyId));
  return key.value.use((bytes) => Buffer.from(bytes));
}

/**
 * The bytes that the parts have together, counted without making them: never fewer than there are, and not much more. A value counts
 * as its padded length, so that nobody learns its length from where a limit begins.
 */
export function countBytes(parts: readonly Part[], keys: ReadonlyMap<SecretKeyId, EgressKey>): number {
  return parts.reduce((count, part) => {
    if (isText(part)) return count + Buffer.byteLength(part.text);
    if ('base64Of' in part) return count + Math.ceil(countBytes(part.base64Of, keys) / 3) * 4;
    return count + (keys.get(part.secretKeyId)?.value.use(({ length }) => paddedLength(length)) ?? 0);
  }, 0);
}

/** Bytes that are lent at most, whatever is made of them. */
const mostLent = 256 * 1024;

/** The same for parts that nobody has counted. @throws EgressError REQUEST_TOO_LARGE. */
export function lend<Result>(
  parts: readonly Part[],
  keys: ReadonlyMap<SecretKeyId, EgressKey>,
  use: (bytes: Buffer) => Result,
): Result {
  if (countBytes(parts, keys) <= mostLent) return lendCounted(parts, keys, use);
  throw egressError('REQUEST_TOO_LARGE', 'What is made with a key is larger than the limit.');
}

/** Lends the bytes of all parts together, and fills them with zero afterwards. */
export function lendCounted<Result>(
  parts: readonly Part[],
  keys: ReadonlyMap<SecretKeyId, EgressKey>,
  use: (bytes: Buffer) => Result,
): Result {
  const pieces = parts.map((part) => bytesOf(part, keys));
  const whole = Buffer.concat(pieces);
  try {
    return use(whole);
  } finally {
    for (const bytes of [whole, ...pieces]) bytes.fill(0);
  }
}

export const unknownKey = (field: string | null, id: SecretKeyId): EgressProblem =>
  egressProblem('KEY_UNKNOWN', 'The request refers to a key that is not there.', field, id);

/** By byte: itself, or `%XX` for all but the unreserved characters of RFC 3986, section 2.3. */
const percentEscapes = Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte);
  return Buffer.from(/[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`);
});

/** The bytes with every escape that a path, a query or a form may ask for. */
export function percentEncoded(bytes: Uint8Array): string {
  const written = Buffer.alloc(3 * bytes.length);
  let length = 0;
  for (const byte of bytes) {
    for (const unit of percentEscapes[byte] as Buffer) written[length++] = unit;
  }
  const text = written.toString('latin1', 0, length);
  written.fill(0);
  return text;
}
