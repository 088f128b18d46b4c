/** Readings of a bounded text in which escapes are undone, so that a value is found however its escapes were mixed. */
import { putUtf8 } from './characters.js';
import { isSpace } from './patterns.js';

/** Decoded bytes, which know where in the text they were read. */
export interface View {
  readonly bytes: Uint8Array;
  /** The range of the text that a range of the bytes was read from. */
  rangeInText(start: number, end: number): { readonly start: number; readonly end: number };
}

const depth = 3;

/**
 * Reads what stands at a place, gives the bytes that it means to `put`, and returns the number of bytes it was written with: 0 when
 * it is nothing but the byte that it is.
 */
type Read = (bytes: Uint8Array, at: number, put: (byte: number) => void) => number;

const percent = 0x25;
const backslash = 0x5c;
const ampersand = 0x26;
const plus = 0x2b;
const semicolon = 0x3b;

/** The number that up to `most` digits at `at` write, with how many they are. */
function digits(bytes: Uint8Array, at: number, radix: 8 | 10 | 16, most: number): { number: number; length: number } {
  let number = 0;
  let length = 0;
  for (; length < most; length += 1) {
    const digit = digitOf(bytes[at + length] ?? 0);
    if (digit >= radix) break;
    number = number * radix + digit;
  }
  return { number, length };
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.POSITIVE_INFINITY;
}

const readPercent: Read = (bytes, at, put) => {
  if (bytes[at] !== percent) return 0;
  const { number, length } = digits(bytes, at + 1, 16, 2);
  if (length < 2) return 0;
  put(number);
  return 3;
};

const readForm: Read = (bytes, at, put) => {
  if (bytes[at] !== plus) return readPercent(bytes, at, put);
  put(0x20);
  return 1;
};

const controls = new Map(
  Array.from('bfnrtv0', (letter, at) => [letter.charCodeAt(0), [8, 12, 10, 13, 9, 11, 0][at] ?? 0]),
);

const readBackslash: Read = (bytes, at, put) => {
  const letter = bytes[at + 1];
  if (bytes[at] !== backslash || letter === undefined) return 0;
  if (letter === 0x75) {
    const braced = bytes[at + 2] === 0x7b ? digits(bytes, at + 3, 16, 6) : { number: 0, length: 0 };
    if (braced.length > 0 && bytes[at + 3 + braced.length] === 0x7d) {
      putUtf8(braced.number, put);
      return braced.length + 4;
    }
    const unit = utf16Unit(bytes, at);
    if (unit !== null) {
      const low = unit >= 0xd800 && unit < 0xdc00 ? utf16Unit(bytes, at + 6) : null;
      const isPair = low !== null && low >= 0xdc00 && low < 0xe000;
      putUtf8(isPair ? 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00) : unit, put);
      return isPair ? 12 : 6;
    }
  }
  const hex = letter === 0x78 ? digits(bytes, at + 2, 16, 2) : { number: 0, length: 0 };
  if (hex.length === 2) {
    put(hex.number);
    return 4;
  }
  const octal = digits(bytes, at + 1, 8, 3);
  if (octal.length === 3 && octal.number < 256) {
    put(octal.number);
    return 4;
  }
  put(controls.get(letter) ?? letter);
  return 2;
};

function utf16Unit(bytes: Uint8Array, at: number): number | null {
  if (bytes[at] !== backslash || bytes[at + 1] !== 0x75) return null;
  const { number, length } = digits(bytes, at + 2, 16, 4);
  return length === 4 ? number : null;
}

/** The names that HTML has for the characters of ASCII (https://html.spec.whatwg.org/multipage/named-characters.html). */
const names = new Map(
  Object.entries({
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    apos: "'",
    sol: '/',
    bsol: '\\',
    plus: '+',
    equals: '=',
    lowbar: '_',
    period: '.',
    comma: ',',
    colon: ':',
    semi: ';',
    excl: '!',
    quest: '?',
    num: '#',
    dollar: '$',
    percnt: '%',
    lpar: '(',
    rpar: ')',
    ast: '*',
    midast: '*',
    commat: '@',
    lsqb: '[',
    lbrack: '[',
    rsqb: ']',
    rbrack: ']',
    Hat: '^',
    grave: '`',
    lcub: '{',
    lbrace: '{',
    rcub: '}',
    rbrace: '}',
    verbar: '|',
    vert: '|',
    Tab: '\t',
    NewLine: '\n',
  }),
);
const longestName = Math.max(...Array.from(names.keys(), ({ length }) => length));

const readEntity: Read = (bytes, at, put) => {
  if (bytes[at] !== ampersand) return 0;
  if (bytes[at + 1] === 0x23) {
    const isHex = ((bytes[at + 2] ?? 0) | 0x20) === 0x78;
    const from = at + (isHex ? 3 : 2);
    const { number, length } = digits(bytes, from, isHex ? 16 : 10, 10);
    if (length === 0) return 0;
    putUtf8(number, put);
    return from + length - at + (bytes[from + length] === semicolon ? 1 : 0);
  }
  const end = bytes.subarray(at, at + longestName + 2).indexOf(semicolon);
  const meant = end < 0 ? undefined : names.get(Buffer.from(bytes.subarray(at + 1, at + end)).toString('latin1'));
  if (meant === undefined) return 0;
  put(meant.charCodeAt(0));
  return end + 1;
};

const readSpace: Read = (bytes, at) => (isSpace(bytes[at]) ? 1 : 0);

/** How to read, and the bytes at which there may be something to read. */
const readings: readonly { readonly read: Read; readonly begins: readonly number[] }[] = [
  { read: readPercent, begins: [percent] },
  { read: readForm, begins: [plus] },
  { read: readBackslash, begins: [backslash] },
  { read: readEntity, begins: [ampersand] },
  { read: readSpace, begins: [0x20, 9, 10, 11, 12, 13] },
];

/** By byte: a bit for each of the readings that it may begin something in. */
const readingBits = Uint8Array.from({ length: 256 }, (_, byte) =>
  readings.reduce((bits, { begins }, at) => bits | (begins.includes(byte) ? 1 << at : 0), 0),
);

function bitsOf(bytes: Uint8Array): number {
  let bits = 0;
  for (let at = 0; at < bytes.length; at += 1) bits |= readingBits[bytes[at] as number] as number;
  return bits;
}

/** What a view costs besides its bytes, in as many of them. */
const viewCost = 256;

/**
 * Every different reading of the text, up to three decodings one after the other, until `maySpend`, which is asked before each with the
 * bytes that it costs, is false.
 */
export function* decodedViews(text: Uint8Array, maySpend: (bytes: number) => boolean): Generator<View> {
  const seen: Uint8Array[] = [text];
  let level: readonly (DecodedView | null)[] = [null];
  for (let round = 0; round < depth; round += 1) {
    const next: DecodedView[] = [];
    for (const source of level) {
      const bytes = source?.bytes ?? text;
      const bits = bitsOf(bytes);
      for (const [at, { read }] of readings.entries()) {
        if (((bits >> at) & 1) === 0) continue;
        if (!maySpend(bytes.length + viewCost)) return;
        const view = new DecodedView(text, source, read);
        const { length } = view.bytes;
        if (seen.some((known) => known.length === length && Buffer.compare(known, view.bytes) === 0)) continue;
        seen.push(view.bytes);
        next.push(view);
        yield view;
      }
    }
    level = next;
  }
}

class DecodedView implements View {
  readonly bytes: Uint8Array;
  readonly #text: Uint8Array;
  readonly #source: DecodedView | null;
  readonly #read: Read;
  /** By byte, where in the source it begins and ends. Made when something was found, which is rare. */
  #starts: Uint32Array | null = null;
  #ends: Uint32Array | null = null;

  constructor(text: Uint8Array, source: DecodedView | null, read: Read) {
    this.#text = text;
    this.#source = source;
    this.#read = read;
    const decoded = new Uint8Array((source?.bytes ?? text).length);
    this.bytes = decoded.subarray(0, this.#decode(decoded, null, null));
  }

  rangeInText(start: number, end: number): { readonly start: number; readonly end: number } {
    if (this.#starts === null || this.#ends === null) {
      this.#starts = new Uint32Array(this.bytes.length);
      this.#ends = new Uint32Array(this.bytes.length);
      this.#decode(new Uint8Array(this.bytes.length), this.#starts, this.#ends);
    }
    const from = this.#starts[start] ?? 0;
    const to = this.#ends[end - 1] ?? this.#text.length;
    return this.#source === null ? { start: from, end: to } : this.#source.rangeInText(from, to);
  }

  /** The number of bytes written. */
  #decode(decoded: Uint8Array, starts: Uint32Array | null, ends: Uint32Array | null): number {
    const bytes = this.#source?.bytes ?? this.#text;
    const read = this.#read;
    let length = 0;
    const put = (byte: number): void => {
      decoded[length++] = byte;
    };
    for (let at = 0; at < bytes.length; ) {
      const from = length;
      const byte = bytes[at] as number;
      const width = readingBits[byte] === 0 ? 0 : read(bytes, at, put);
      if (width === 0) decoded[length++] = byte;
      starts?.fill(at, from, length);
      at += width || 1;
      ends?.fill(at, from, length);
    }
    return length;
  }
}
