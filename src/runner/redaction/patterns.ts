/** Every byte sequence that is looked for because of one value. */
import { isUtf8 } from 'node:buffer';
import { ByteWriter, characters } from './characters.js';
import type { Encoding } from './encodings.js';
import { completeEscapes, escaped, selectiveEscapes } from './escapes.js';
import { mask } from './mask.js';

export interface Pattern {
  readonly encoding: Encoding;
  /** `patternLengths.minimum` to `patternLengths.maximum` bytes. */
  readonly bytes: Uint8Array;
}

/**
 * Bytes in a pattern. A shorter one would be found everywhere. A longer one is cut into pieces of the maximum, the last of which
 * overlaps the one before it: that bounds what a stream holds back, and finds any whole piece of a long value on its own.
 */
export const patternLengths = { minimum: 8, maximum: 256 } as const;

/** Bytes of a value up to which the escapes that multiply its length are made. */
const longestComplete = 4096;

/** The value without surrounding white space and byte order mark: what decides whether it is long enough to be searched for. */
export function trimmed(value: Uint8Array): Uint8Array {
  let start = 0;
  let end = value.length;
  for (let width = 1; width > 0 && start < end; start += width) width = spaceAt(value.subarray(start, end), 'start');
  for (let width = 1; width > 0 && start < end; end -= width) width = spaceAt(value.subarray(start, end), 'end');
  return value.subarray(start, end);
}

/**
 * What `trim` of JavaScript takes off beyond ASCII, in UTF-8: other programs do as well, and take a byte order mark (U+FEFF) off
 * whatever they decode.
 */
const wideSpaces = [
  ...[0xa0, 0x1680, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff],
  ...Array.from({ length: 11 }, (_, index) => 0x2000 + index),
].map((codePoint) => Buffer.from(String.fromCodePoint(codePoint)));

/** The bytes of the white space that the value starts or ends with; 0 for none. */
function spaceAt(value: Uint8Array, edge: 'start' | 'end'): number {
  const byte = value.at(edge === 'start' ? 0 : -1);
  if (isSpace(byte)) return 1;
  if (byte === undefined || byte < 0x80) return 0;
  const found = wideSpaces.find((space) =>
    space.equals(edge === 'start' ? value.subarray(0, space.length) : value.subarray(-space.length)),
  );
  return found?.length ?? 0;
}

/**
 * The patterns of a value, none when it has fewer than `patternLengths.minimum` bytes between its surrounding white space. They
 * are the caller's to erase.
 */
export function patternsOf(value: Uint8Array): readonly Pattern[] {
  const whole = trimmed(value);
  if (whole.length < patternLengths.minimum) return [];
  const distinct = new DistinctPatterns();
  distinct.add('raw', value);
  if (whole.length < value.length) distinct.add('trimmed', whole);
  addEncoded(distinct, whole);
  distinct.add('mixed', withoutSpace(whole));
  for (const line of lines(whole)) {
    distinct.add('line', line);
    addEncoded(distinct, line);
  }
  return distinct.patterns;
}

/** ASCII white space. */
export const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || (byte !== undefined && byte >= 9 && byte <= 13);

/** The lines of a text with several, trimmed. A line of armor, such as `-----BEGIN PRIVATE KEY-----`, is in every key of its kind. */
function* lines(whole: Uint8Array): Generator<Uint8Array> {
  if (!whole.includes(10) && !whole.includes(13)) return;
  let start = 0;
  for (let at = 0; at <= whole.length; at += 1) {
    if (at < whole.length && whole[at] !== 10 && whole[at] !== 13) continue;
    const line = trimmed(whole.subarray(start, at));
    if (line.length >= patternLengths.minimum && !isArmor(line)) yield line;
    start = at + 1;
  }
}

const isArmor = (line: Uint8Array): boolean =>
  line.length <= 80 && /^-----(BEGIN|END) [A-Z0-9 ]+-----$/.test(Buffer.from(line).toString('latin1'));

const withoutSpace = (whole: Uint8Array): Uint8Array => whole.filter((byte) => !isSpace(byte));

function addEncoded(distinct: DistinctPatterns, plain: Uint8Array): void {
  const chains = plain.length <= longestComplete ? [...selectiveEscapes, ...completeEscapes] : selectiveEscapes;
  for (const { encoding, escapes } of chains) {
    const written = escaped(plain, escapes);
    if (written !== null) distinct.add(encoding, written);
  }
  for (const alphabet of [base64Alphabet, base64UrlAlphabet]) {
    for (const offset of [0, 1, 2]) distinct.add('base64', base64(plain, alphabet, offset));
  }
  distinct.add(
    'hex',
    Uint8Array.from({ length: plain.length * 2 }, (_, at) => hexDigit(plain, at)),
  );
  distinct.add('bytes', byteList(plain, ','));
  distinct.add('bytes', byteList(plain, ', '));
  if (isUtf8(plain)) for (const isLittle of [true, false]) distinct.add('utf-16', utf16(plain, isLittle));
  for (const reversed of reversals(plain)) distinct.add('reversed', reversed);
}

const base64Alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const base64UrlAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The characters that the value alone decides when `offset` bytes stand before it in a group of three (RFC 4648). */
function base64(plain: Uint8Array, alphabet: string, offset: number): Uint8Array {
  const first = Math.ceil((offset * 8) / 6);
  const end = Math.floor(((offset + plain.length) * 8) / 6);
  return Uint8Array.from({ length: end - first }, (_, index) => {
    const bit = (first + index) * 6 - offset * 8;
    const pair = ((plain[bit >> 3] ?? 0) << 8) | (plain[(bit >> 3) + 1] ?? 0);
    return alphabet.charCodeAt((pair >> (10 - (bit & 7))) & 63);
  });
}

const hexDigit = (plain: Uint8Array, at: number): number =>
  '0123456789abcdef'.charCodeAt(((plain[at >> 1] ?? 0) >> (at % 2 === 0 ? 4 : 0)) & 15);

function byteList(plain: Uint8Array, separator: string): Uint8Array {
  const writer = new ByteWriter();
  for (const [at, byte] of plain.entries()) writer.text(`${at === 0 ? '' : separator}${byte}`);
  return writer.take();
}

/** Without the zero at its outer end, which text of ASCII has: then what is little-endian is found in big-endian text as well. */
function utf16(plain: Uint8Array, isLittle: boolean): Uint8Array {
  const writer = new ByteWriter();
  for (const { codePoint } of characters(plain)) {
    for (const unit of String.fromCodePoint(codePoint).split('')) {
      const bytes = [unit.charCodeAt(0) & 0xff, unit.charCodeAt(0) >> 8];
      writer.bytes(Uint8Array.from(isLittle ? bytes : bytes.reverse()));
    }
  }
  const written = writer.take();
  const start = written[0] === 0 ? 1 : 0;
  return written.subarray(start, written.at(-1) === 0 ? -1 : undefined);
}

/** By characters and by bytes. A copy is reversed: `slice` of a Buffer would be the lent bytes themselves. */
function reversals(plain: Uint8Array): readonly Uint8Array[] {
  const writer = new ByteWriter();
  for (const { bytes } of [...characters(plain)].reverse()) writer.bytes(bytes);
  return [writer.take(), Uint8Array.from(plain).reverse()];
}

/** Keeps one of equal patterns, the first; equal is what differs in the case of ASCII alone, as the search does not see it. */
class DistinctPatterns {
  readonly patterns: Pattern[] = [];
  readonly #byHash = new Map<number, Pattern[]>();

  add(encoding: Encoding, bytes: Uint8Array): void {
    for (const part of withoutMask(bytes)) for (const piece of pieces(part)) this.#addPiece(encoding, piece);
  }

  #addPiece(encoding: Encoding, bytes: Uint8Array): void {
    let hash = 0;
    for (const byte of bytes) hash = (Math.imul(hash, 31) + fold(byte)) | 0;
    const same = this.#byHash.get(hash);
    if (same?.some((other) => equalFolded(other.bytes, bytes))) return;
    const pattern = { encoding, bytes: Uint8Array.from(bytes) };
    this.patterns.push(pattern);
    if (same === undefined) this.#byHash.set(hash, [pattern]);
    else same.push(pattern);
  }
}

/** Letters of ASCII as small ones. */
export const fold = (byte: number): number => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte);

function equalFolded(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => fold(byte) === fold(b[at] ?? 0));
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  const { minimum, maximum } = patternLengths;
  if (bytes.length < minimum) return;
  if (bytes.length <= maximum) return yield bytes;
  for (let start = 0; start < bytes.length; start += maximum) {
    const from = Math.min(start, bytes.length - maximum);
    yield bytes.subarray(from, from + maximum);
  }
}

/**
 * The parts of a pattern that cannot meet the mask: none holds it, begins with an end of it, or ends with a beginning of it. So what
 * was masked is never found to be something to mask again. A pattern of which too little would be left stays whole.
 */
function withoutMask(bytes: Uint8Array): readonly Uint8Array[] {
  // Every beginning of the mask has the one bracket, every end the other.
  if (!bytes.includes(0x5b) && !bytes.includes(0x5d)) return [bytes];
  const folded = Buffer.from(bytes.map(fold));
  const parts: Uint8Array[] = [];
  for (let start = 0; start <= bytes.length; ) {
    const found = folded.indexOf(mask.bytes, start);
    let end = found < 0 ? bytes.length : found;
    const next = found < 0 ? bytes.length + 1 : found + mask.bytes.length;
    for (let cut = 1; cut > 0; start += cut) cut = longest((length) => endsMask(folded.subarray(start, end), length));
    for (let cut = 1; cut > 0; end -= cut) cut = longest((length) => beginsMask(folded.subarray(start, end), length));
    parts.push(bytes.subarray(start, end));
    start = next;
  }
  folded.fill(0);
  const long = parts.filter(({ length }) => length >= patternLengths.minimum);
  return long.length > 0 ? long : [bytes];
}

const longest = (fits: (length: number) => boolean): number => {
  for (let length = mask.bytes.length - 1; length > 0; length -= 1) if (fits(length)) return length;
  return 0;
};
const endsMask = (part: Buffer, length: number): boolean =>
  part.length >= length && mask.bytes.subarray(-length).equals(part.subarray(0, length));
const beginsMask = (part: Buffer, length: number): boolean =>
  part.length >= length && mask.bytes.subarray(0, length).equals(part.subarray(-length));
