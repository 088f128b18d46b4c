/** Bytes taken character by character, so that a value is rewritten without ever being one string, which nothing could erase. */
import { isUtf8 } from 'node:buffer';

export interface Character {
  readonly codePoint: number;
  /** The character's own bytes, a view into the value. */
  readonly bytes: Uint8Array;
}

/** The characters of UTF-8; of bytes that are not UTF-8, one for each byte, as Latin-1 would read them. */
export function* characters(value: Uint8Array): Generator<Character> {
  const isText = isUtf8(value);
  for (let at = 0; at < value.length; ) {
    const bytes = value.subarray(at, at + (isText ? utf8Length(value[at] ?? 0) : 1));
    yield { codePoint: codePointOf(bytes), bytes };
    at += bytes.length;
  }
}

/** Calls `put` with each byte of a code point in UTF-8. A lone surrogate is written as U+FFFD, as every encoder does. */
export function putUtf8(codePoint: number, put: (byte: number) => void): void {
  const isCharacter = codePoint <= 0x10ffff && (codePoint < 0xd800 || codePoint >= 0xe000);
  const written = isCharacter ? codePoint : 0xfffd;
  const further = furtherBytes(written);
  put(further === 0 ? written : ((0xf80 >> further) & 0xff) | (written >> (6 * further)));
  for (let at = further - 1; at >= 0; at -= 1) put(0x80 | ((written >> (6 * at)) & 0x3f));
}

function furtherBytes(codePoint: number): number {
  if (codePoint < 0x80) return 0;
  if (codePoint < 0x800) return 1;
  return codePoint < 0x10000 ? 2 : 3;
}

/** Bytes that grow; every buffer that is outgrown is filled with zero. */
export class ByteWriter {
  #bytes = new Uint8Array(256);
  #length = 0;

  readonly put = (byte: number): void => {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  };

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  text(text: string): void {
    for (const character of text) putUtf8(character.codePointAt(0) ?? 0, this.put);
  }

  /** What was written, which is now the caller's to erase. */
  take(): Uint8Array {
    const taken = this.#bytes.slice(0, this.#length);
    this.#bytes.fill(0);
    this.#length = 0;
    return taken;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    grown.set(this.#bytes);
    this.#bytes.fill(0);
    this.#bytes = grown;
  }
}

function utf8Length(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

function codePointOf([lead = 0, ...rest]: Uint8Array): number {
  const own = rest.length === 0 ? lead : lead & (0x3f >> rest.length);
  return rest.reduce((codePoint, byte) => (codePoint << 6) | (byte & 0x3f), own);
}
