/** The escapes that differ by character: JSON, percent, entities, quoting. Each is what some common library writes. */
import { ByteWriter, characters, putUtf8 } from './characters.js';
import type { Encoding } from './encodings.js';

/** How a character is written, or null for as it is. */
type Write = (codePoint: number, bytes: Uint8Array) => string | null;

/** An escape, and what it makes of each character of ASCII: most values have no others. */
export interface Escape {
  readonly write: Write;
  readonly ascii: readonly (Uint8Array | null)[];
}

const escapeWith = (write: Write): Escape => ({
  write,
  ascii: Array.from({ length: 128 }, (_, codePoint) => {
    const written = write(codePoint, Uint8Array.of(codePoint));
    return written === null ? null : Buffer.from(written);
  }),
});

/** The value with each of its characters escaped: by the first of the escapes, and the result by the next. Null if none changes it. */
export function escaped(value: Uint8Array, escapes: readonly Escape[]): Uint8Array | null {
  let result: Uint8Array | null = null;
  for (const { write, ascii } of escapes) {
    const bytes: Uint8Array = result ?? value;
    if (bytes.every((byte) => ascii[byte] === null)) continue;
    const writer = new ByteWriter();
    for (const { codePoint, bytes: own } of characters(bytes)) {
      const written = ascii[codePoint];
      const text = written === undefined ? write(codePoint, own) : null;
      if (text !== null) writer.text(text);
      else writer.bytes(written ?? own);
    }
    result?.fill(0);
    result = writer.take();
  }
  return result;
}

/** Characters of ASCII. */
const among = (marks: string): ((codePoint: number) => boolean) => {
  const codePoints = new Set(Array.from(marks, (mark) => mark.charCodeAt(0)));
  return (codePoint) => codePoints.has(codePoint);
};
const isAlphanumeric = among('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');
const hex = (number: number, length: number): string => number.toString(16).padStart(length, '0');

const unicode = (codePoint: number): string => {
  if (codePoint < 0x10000) return `\\u${hex(codePoint, 4)}`;
  const pair = String.fromCodePoint(codePoint);
  return `\\u${hex(pair.charCodeAt(0), 4)}\\u${hex(pair.charCodeAt(1), 4)}`;
};

const shortEscapes = new Map(Array.from('\b\f\n\r\t"\\', (mark, at) => [mark.charCodeAt(0), `\\${'bfnrt"\\'[at]}`]));

/** JSON. `further` says what becomes \uXXXX beyond that which must. */
const json =
  (further: (codePoint: number) => boolean, slash: string | null = null): Write =>
  (codePoint) => {
    if (further(codePoint)) return unicode(codePoint);
    if (codePoint === 0x2f) return slash;
    return shortEscapes.get(codePoint) ?? (codePoint < 0x20 ? unicode(codePoint) : null);
  };
const isNonAscii = (codePoint: number): boolean => codePoint > 0x7e;
const isMarkup = among('<>&');
const isUnsafeInHtml = (codePoint: number): boolean =>
  isMarkup(codePoint) || codePoint === 0x2028 || codePoint === 0x2029;
const isMarkupOrQuote = among(`<>&'"+\``);
const plainJson = json(() => false);
const asciiJson = json(isNonAscii);

/** Percent-encoding, of every byte of a character that is not kept. */
const percent =
  (isKept: (codePoint: number) => boolean, space = '%20'): Write =>
  (codePoint, bytes) => {
    if (isKept(codePoint)) return null;
    return codePoint === 0x20 ? space : Array.from(bytes, (byte) => `%${hex(byte, 2).toUpperCase()}`).join('');
  };
const alphanumericAnd = (marks: string): ((codePoint: number) => boolean) => {
  const isMark = among(marks);
  return (codePoint) => isAlphanumeric(codePoint) || isMark(codePoint);
};
/** The percent-encode sets of the URL Standard (https://url.spec.whatwg.org/#percent-encoded-bytes) are what is not kept. */
const printableBut = (marks: string): ((codePoint: number) => boolean) => {
  const isMark = among(marks);
  return (codePoint) => codePoint > 0x20 && codePoint < 0x7f && !isMark(codePoint);
};
const component = percent(alphanumericAnd("-_.!~*'()"));

const entity =
  (isAffected: (codePoint: number) => boolean, write: (codePoint: number) => string): Write =>
  (codePoint) =>
    isAffected(codePoint) ? write(codePoint) : null;
const decimalEntity = (codePoint: number): string => `&#${codePoint};`;
const hexEntity = (codePoint: number): string => `&#x${codePoint.toString(16)};`;
/** The three that markup needs by name, and then as given: `'` by `&#39;` or `&apos;`. */
const named = (others: Readonly<Record<string, string>>, nonAscii?: (codePoint: number) => string): Write => {
  const names = Object.entries({ '<': '&lt;', '>': '&gt;', '&': '&amp;', ...others });
  const written = new Map(names.map(([mark, name]) => [mark.charCodeAt(0), name]));
  return (codePoint) => written.get(codePoint) ?? (nonAscii && isNonAscii(codePoint) ? nonAscii(codePoint) : null);
};
const quote = { '"': '&quot;' };
const isPunctuationOrNonAscii = (codePoint: number): boolean => !isAlphanumeric(codePoint);

const backslashed = (marks: string): Write => {
  const isMark = among(marks);
  return (codePoint) => (isMark(codePoint) ? `\\${String.fromCodePoint(codePoint)}` : null);
};
const singleQuote =
  (written: string): Write =>
  (codePoint) =>
    codePoint === 0x27 ? written : null;
const controls = new Map([...shortEscapes].filter(([codePoint]) => codePoint < 0x20));
const literal =
  (quotes: string): Write =>
  (codePoint) =>
    controls.get(codePoint) ?? backslashed(quotes)(codePoint, new Uint8Array());

/** UTF-8 that was read as Latin-1, as HTTP headers and `atob` do, and then written again. */
const latin1: Write = (codePoint) => {
  if (codePoint < 0x80) return null;
  let text = '';
  putUtf8(codePoint, (byte) => {
    text += String.fromCharCode(byte);
  });
  return text;
};

export interface Chain {
  readonly encoding: Encoding;
  readonly escapes: readonly Escape[];
}

const chains = (...rows: readonly (readonly [Encoding, ...Write[]])[]): readonly Chain[] =>
  rows.map(([encoding, ...writes]) => ({ encoding, escapes: writes.map(escapeWith) }));

/** The escapes that leave most characters as they are. */
export const selectiveEscapes = chains(
  ['json', plainJson],
  ['json', json(() => false, '\\/')],
  ['json', asciiJson],
  ['json', json(isNonAscii, '\\/')],
  ['json', json(isUnsafeInHtml)],
  ['json', json((codePoint) => isUnsafeInHtml(codePoint) || isNonAscii(codePoint))],
  ['json', json((codePoint) => isMarkupOrQuote(codePoint) || isNonAscii(codePoint))],
  ['json', plainJson, plainJson],
  ['json', asciiJson, plainJson],
  ['json', json(isUnsafeInHtml), plainJson],
  ['percent', component],
  ['percent', percent(alphanumericAnd('-_.~'))],
  ['percent', percent(alphanumericAnd('*-._'), '+')],
  ['percent', percent(alphanumericAnd("-_.!~*'();,/?:@&=+$#"))],
  ['percent', percent(printableBut(`"#<>`))],
  ['percent', percent(printableBut(`"#<>'`))],
  ['percent', percent(printableBut('"#<>?^`{}'))],
  ['percent', percent(printableBut('"#<>?^`{}/:;=@[\\]|'))],
  ['percent', component, component],
  ['percent', percent(alphanumericAnd('*-._'), '+'), component],
  ['entity', named({})],
  ['entity', named(quote)],
  ['entity', named({ ...quote, "'": '&#39;' })],
  ['entity', named({ ...quote, "'": '&#039;' })],
  ['entity', named({ ...quote, "'": '&apos;' })],
  ['entity', named({ ...quote, "'": '&#x27;' })],
  ['entity', named({ '"': '&#34;', "'": '&#39;' })],
  ['entity', named({ ...quote, "'": '&#39;', '/': '&#x2F;', '`': '&#x60;', '=': '&#x3D;' })],
  ['entity', named({ ...quote, "'": '&#x27;', '/': '&#x2F;' })],
  ['entity', named({ ...quote, "'": '&apos;' }, decimalEntity)],
  ['entity', named({ ...quote, "'": '&apos;' }, hexEntity)],
  ['entity', named({ ...quote, "'": '&#39;' }, decimalEntity)],
  ['entity', entity(isPunctuationOrNonAscii, decimalEntity)],
  ['entity', entity(isPunctuationOrNonAscii, hexEntity)],
  ['quoted', singleQuote(`'\\''`)],
  ['quoted', singleQuote(`'"'"'`)],
  ['quoted', backslashed('$`"\\')],
  ['quoted', backslashed(' !"#$&\'()*,;<=>?[\\]^`{|}~')],
  ['quoted', backslashed(' !"#$%&\'()*+,/:;<=>?@[\\]^`{|}~')],
  ['quoted', literal("'\\")],
  ['quoted', literal('`\\$')],
  ['latin-1', latin1],
  ['case-folded', (codePoint) => (codePoint < 0x80 ? null : String.fromCodePoint(codePoint).toLowerCase())],
  ['case-folded', (codePoint) => (codePoint < 0x80 ? null : String.fromCodePoint(codePoint).toUpperCase())],
);

/** The escapes of every character, which multiply a value's length. */
export const completeEscapes = chains(
  ['json', unicode],
  ['percent', percent(() => false)],
  ['entity', decimalEntity],
  ['entity', hexEntity],
  [
    'quoted',
    (codePoint, bytes) => (codePoint > 0xff ? null : Array.from(bytes, (byte) => `\\x${hex(byte, 2)}`).join('')),
  ],
);
