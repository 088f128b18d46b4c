/** What the base64 of text with values in it shows of each value. */
import type { SecretKeyId } from '../ids.js';
import type { EgressKey, Part, PlainPart } from './egress/egress-request.js';
import { bytesOf, lend } from './egress/parts.js';
import { patternLengths } from './redaction/patterns.js';
import type { SecretValue } from './redaction/redactor.js';

type Keys = ReadonlyMap<SecretKeyId, EgressKey>;

/**
 * For each value in a base64 of the parts the characters that any of its bits decides, and once more with the padding that they end with.
 *
 * The text beside a value is the author's, and is not part of that: a long pattern is searched for in pieces, so an author who chose where
 * a piece ends would learn from the mask whether they guessed the few characters of the value in it. Only what would be too short
 * for a pattern gets as many characters of its neighbors as it lacks, which no encoding makes longer than a piece.
 */
export const base64Values = (parts: readonly Part[], keys: Keys): SecretValue[] =>
  parts.flatMap((part) => ('base64Of' in part ? valuesIn(part.base64Of, keys) : []));

function valuesIn(parts: readonly PlainPart[], keys: Keys): SecretValue[] {
  const lengths = parts.map((part) => lend([part], keys, ({ length }) => length));
  const text = bytesOf({ base64Of: parts }, keys);
  const unpadded = charactersOf(lengths.reduce((sum, length) => sum + length, 0)).end;
  const found: SecretValue[] = [];
  let offset = 0;
  for (const [index, part] of parts.entries()) {
    const length = lengths[index] ?? 0;
    if ('secretKeyId' in part) {
      const { start, end } = longEnough(
        { start: charactersOf(offset).start, end: charactersOf(offset + length).end },
        unpadded,
      );
      const ends = end === unpadded && end < text.length ? [end, text.length] : [end];
      for (const to of ends) {
        found.push({
          secretKeyId: part.secretKeyId,
          bytes: Uint8Array.from(text.subarray(start, to)),
          origin: 'base64',
        });
      }
    }
    offset += length;
  }
  text.fill(0);
  return found;
}

/** The character that the byte at this offset begins in, and the end of the last one that the byte before it is in. */
const charactersOf = (offset: number): { readonly start: number; readonly end: number } => ({
  start: Math.floor((offset * 8) / 6),
  end: Math.ceil((offset * 8) / 6),
});

function longEnough({ start, end }: { start: number; end: number }, length: number): { start: number; end: number } {
  const from = Math.max(0, Math.min(start, end - patternLengths.minimum));
  return { start: from, end: Math.min(length, Math.max(end, from + patternLengths.minimum)) };
}
