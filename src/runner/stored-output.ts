/** Bounds what is stored of an output: an answer of many mebibytes is for the next step, not for a table. */
import type { JsonValue } from '../modules/run/run-input.js';

/** Of the output's JSON, in UTF-16 code units. */
const longestOutput = 1024 * 1024;
const longestExcerpt = 64 * 1024;

/** The output, or when it is too long its beginning as text: `{ isTruncated: true, excerpt }`. Cut after redaction. */
export function withinStoredSize(output: JsonValue | undefined): JsonValue | undefined {
  if (output === undefined) return undefined;
  const text = JSON.stringify(output);
  if (text.length <= longestOutput) return output;
  return { isTruncated: true, excerpt: text.slice(0, longestExcerpt).toWellFormed() };
}
