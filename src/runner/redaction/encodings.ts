/** How a value is written by the programs that it passes through. The order is that in which a receipt prefers a name. */
export const encodings = [
  'raw',
  'trimmed',
  'line',
  'json',
  'percent',
  'entity',
  'quoted',
  'base64',
  'hex',
  'bytes',
  'utf-16',
  'latin-1',
  'reversed',
  'case-folded',
  'number',
  'prefix',
  'mixed',
] as const;

/**
 * `quoted` is for a shell or a programming language, `bytes` a list of decimal numbers, `latin-1` UTF-8 that was read as Latin-1,
 * `number` a number of JSON, `prefix` the beginning of a value at a truncated end, `mixed` whatever only a decoded view shows.
 */
export type Encoding = (typeof encodings)[number];
