/** Bounds what is stored of an output: an answer of many mebibytes is for the next step, not for a table. */
import type { JsonValue } from '../modules/run/run-input.js';
import type { RunLogLine } from '../modules/run/run-result.js';

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

/** The first lines, as many as have room whole, and a note when others are left out: a line is never cut, so no value in it is. */
export function withinLogSize(lines: readonly RunLogLine[], mostBytes: number): readonly RunLogLine[] {
  let bytes = 0;
  const kept = lines.findIndex(({ text }) => {
    bytes += Buffer.byteLength(text);
    return bytes > mostBytes;
  });
  if (kept < 0) return lines;
  return [
    ...lines.slice(0, kept),
    { level: 'warn', text: `Lines after the first ${kept} are left out: a step keeps ${mostBytes} bytes.` },
  ];
}

/** What the run's limit counts of a step: its output and its logs as JSON, in UTF-16 code units. */
export const lengthOf = (output: JsonValue | undefined, logs: readonly RunLogLine[]): number =>
  (output === undefined ? 0 : JSON.stringify(output).length) + JSON.stringify(logs).length;
