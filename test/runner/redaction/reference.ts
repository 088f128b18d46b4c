/**
 * What a search must find, by the plainest means: every pattern at every place, then merging, then masking. The patterns are the
 * redactor's own: what this proves is the search, chunk by chunk, and not that the patterns are the right ones. That is proved by
 * writers.ts, which has none of the redactor's code.
 */

import { patternsOf } from '../../../src/runner/redaction/patterns.js';
import { mask, type SecretValue } from '../../../src/runner/redaction/redactor.js';

const foldCase = (bytes: Uint8Array): Buffer =>
  Buffer.from(
    Buffer.from(bytes)
      .toString('latin1')
      .replace(/[A-Z]/g, (letter) => letter.toLowerCase()),
    'latin1',
  );

export const referencePatterns = (values: readonly SecretValue[]): readonly Buffer[] => [
  mask.bytes,
  ...values.flatMap(({ bytes }) => patternsOf(bytes).map((pattern) => foldCase(pattern.bytes))),
];

export function referenceMask(text: Uint8Array, patterns: readonly Buffer[]): Buffer {
  const folded = foldCase(text);
  const covered = new Uint8Array(text.length);
  for (const pattern of patterns) {
    for (let at = folded.indexOf(pattern); at >= 0; at = folded.indexOf(pattern, at + 1)) {
      covered.fill(1, at, at + pattern.length);
    }
  }
  const parts: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    let end = at;
    while (end < text.length && covered[end] === covered[at]) end += 1;
    parts.push(covered[at] === 1 ? mask.bytes : Buffer.from(text.subarray(at, end)));
    at = end;
  }
  return Buffer.concat(parts);
}
