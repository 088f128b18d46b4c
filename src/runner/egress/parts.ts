/** Puts values between the literal texts of parts, as bytes: what a place demands of them is said by whoever writes that place. */
import type { SecretKeyId } from '../../ids.js';
import { EgressError, type EgressProblem, egressProblem } from './egress-error.js';
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
    return lend(part.base64Of, keys, (bytes) => Buffer.from(bytes.toString('base64'), 'latin1'));
  }
  const key = keys.get(part.secretKeyId);
  if (key === undefined) throw new EgressError(unknownKey(null, part.secretKeyId));
  return key.value.use((bytes) => Buffer.from(bytes));
}

/** Lends the bytes of all parts together, and fills them with zero afterwards. */
export function lend<Result>(
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

/** Every byte but the unreserved characters of RFC 3986, section 2.3, as `%XX`. */
export function percentEncoded(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    text += /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return text;
}
