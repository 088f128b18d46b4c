/**
 * Finds every occurrence of many patterns in one pass, whatever the case of their letters.
 *
 * Of each pattern one window of 8 bytes stands in the index, with the 5 groups of 4 bytes in it. The text is looked at in steps of
 * 5 bytes, so that of every window exactly one group is met, and a filter of bits says of nearly all other places that nothing
 * begins there (the q-gram sampling of Wu and Manber, "A Fast Algorithm for Multi-Pattern Searching", 1994, with fixed steps).
 */
import type { Encoding } from './encodings.js';
import { fold, type Pattern } from './patterns.js';

/** Where a pattern was found, from `start` up to `end`, and whose it is: null for the mask itself. */
export interface Match<Owner> {
  readonly start: number;
  readonly end: number;
  readonly owner: Owner | null;
  readonly encoding: Encoding;
}

const gramLength = 4;
const windowLength = 8;
const step = windowLength - gramLength + 1;
/** How far into a pattern the rarest window is looked for, unless all of them are crowded there. */
const windowChoices = 48;
const crowded = 4;
const shortestPrefix = 4;
/** Steps of work that a match counts for: it is kept, sorted and masked. */
const matchWork = 256;
const multiplier = 0x9e3779b1;
/** The filter has 2 to the power of so many bits for each slot: one place in so many passes it by chance. */
const filterBitsPerSlot = 5;

const folded = Uint8Array.from({ length: 256 }, (_, byte) => fold(byte));

interface Stored<Owner> {
  readonly owner: Owner | null;
  readonly encoding: Encoding;
  readonly bytes: Uint8Array;
  readonly window: number;
}

/** Patterns and texts can be made so that one meets the other everywhere. What searching them may cost is bounded. */
export class PatternIndex<Owner> {
  #leftWork: number;
  readonly #stored: Stored<Owner>[] = [];
  #longest = 0;
  /** By entry, of which a pattern has 5: its group's bytes, its pattern, its place in it, and the next entry of the same slot. */
  #grams = new Int32Array(256);
  #patterns = new Int32Array(256);
  #offsets = new Int32Array(256);
  #next = new Int32Array(256);
  #count = 0;
  #slotBits = 8;
  /** By slot: the first entry or -1, and how many there are. */
  #heads = new Int32Array(256).fill(-1);
  #loads = new Int32Array(256);
  #filter = new Int32Array(256);
  #isDestroyed = false;

  /** @param work steps that searches may take until it is renewed: a visit of an entry, a byte of a pattern that is compared. */
  constructor(private readonly work: number) {
    this.#leftWork = work;
  }

  renewWork(): void {
    this.#leftWork = this.work;
  }

  /** Bytes of the longest pattern. */
  get longest(): number {
    return this.#longest;
  }

  /** Takes the bytes over: `destroy` fills them with zero. */
  add(owner: Owner | null, { encoding, bytes }: Pattern): void {
    if (this.#isDestroyed) throw new Error('The patterns were destroyed.');
    if (this.#count + step > this.#grams.length) this.#grow();
    const window = this.#rarestWindow(bytes);
    const id = this.#stored.push({ owner, encoding, bytes, window }) - 1;
    const view = viewOf(bytes);
    for (let offset = window; offset < window + step; offset += 1) {
      const entry = this.#count++;
      this.#grams[entry] = view.getInt32(offset, true) | 0x20202020;
      this.#patterns[entry] = id;
      this.#offsets[entry] = offset;
      this.#link(entry);
    }
    this.#longest = Math.max(this.#longest, bytes.length);
  }

  /** Every occurrence of every pattern, each once, in no order. @throws RangeError when there is no work left. */
  matches(text: Uint8Array): Match<Owner>[] {
    if (this.#isDestroyed) throw new Error('The patterns were destroyed.');
    const found: Match<Owner>[] = [];
    const view = viewOf(text);
    const filter = this.#filter;
    const shift = 32 - this.#slotBits - filterBitsPerSlot;
    const end = text.length - gramLength;
    for (let at = 0; at <= end; at += step) {
      const gram = view.getInt32(at, true) | 0x20202020;
      const bit = Math.imul(gram, multiplier) >>> shift;
      if (((filter[bit >>> 5] as number) >>> (bit & 31)) & 1) this.#verify(text, at, gram, found);
    }
    return found;
  }

  /** The longest end of the text that a pattern begins with but does not end with, of 4 bytes or more, for each owner. */
  prefixesAtEnd(text: Uint8Array): Match<Owner>[] {
    const tail = Math.max(0, text.length - this.#longest + 1);
    const view = viewOf(text);
    const places = new Map<number, number[]>();
    for (let at = tail; at <= text.length - shortestPrefix; at += 1) {
      const gram = view.getInt32(at, true) | 0x20202020;
      const same = places.get(gram);
      if (same === undefined) places.set(gram, [at]);
      else same.push(at);
    }
    const longest = new Map<Owner, number>();
    for (const { owner, bytes } of this.#stored) {
      const gram = viewOf(bytes).getInt32(0, true) | 0x20202020;
      for (const start of places.get(gram) ?? []) {
        const length = text.length - start;
        if (owner === null || length >= bytes.length || start >= (longest.get(owner) ?? text.length)) continue;
        this.#spend(length);
        if (equalAt(text, start, bytes, 0, length)) longest.set(owner, start);
      }
    }
    return Array.from(longest, ([owner, start]) => ({ start, end: text.length, owner, encoding: 'prefix' as const }));
  }

  /** Fills the patterns with zero. Searching afterwards throws. */
  destroy(): void {
    this.#isDestroyed = true;
    for (const { bytes } of this.#stored) bytes.fill(0);
    this.#stored.length = 0;
    this.#grams.fill(0);
  }

  #verify(text: Uint8Array, at: number, gram: number, found: Match<Owner>[]): void {
    for (let entry = this.#heads[this.#slot(gram)] as number; entry >= 0; entry = this.#next[entry] as number) {
      this.#spend(1);
      if (this.#grams[entry] !== gram) continue;
      const start = at - (this.#offsets[entry] as number);
      const stored = this.#stored[this.#patterns[entry] as number];
      if (stored === undefined || start < 0) continue;
      const { bytes, owner, encoding, window } = stored;
      const end = start + bytes.length;
      // What tells a pattern from others that are like it is in its window.
      if (end > text.length || !equalAt(text, start, bytes, window, window + windowLength)) continue;
      this.#spend(bytes.length);
      if (!equalAt(text, start, bytes, 0, bytes.length)) continue;
      this.#spend(matchWork);
      found.push({
        start,
        end,
        owner,
        encoding: isPlain(encoding) && !isExact(text, start, bytes) ? 'case-folded' : encoding,
      });
    }
  }

  #spend(work: number): void {
    this.#leftWork -= work;
    if (this.#leftWork < 0) throw new RangeError('The text takes more work to be searched than there is.');
  }

  /**
   * The window whose fullest slot is the least full, itself included: values that begin alike are told apart by what differs, and what
   * repeats itself by what does not.
   */
  #rarestWindow(bytes: Uint8Array): number {
    const view = viewOf(bytes);
    const last = bytes.length - windowLength;
    let rarest = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let start = 0; start <= last && least > (start < windowChoices ? 1 : crowded); start += 1) {
      let load = 0;
      for (let offset = start; offset < start + step; offset += 1) {
        const gram = view.getInt32(offset, true) | 0x20202020;
        let same = 1;
        for (let other = start; other < offset; other += 1) {
          if ((view.getInt32(other, true) | 0x20202020) === gram) same += 1;
        }
        load = Math.max(load, (this.#loads[this.#slot(gram)] ?? 0) + same);
      }
      if (load >= least) continue;
      least = load;
      rarest = start;
    }
    return rarest;
  }

  #slot(gram: number): number {
    return Math.imul(gram, multiplier) >>> (32 - this.#slotBits);
  }

  #link(entry: number): void {
    const gram = this.#grams[entry] ?? 0;
    const slot = this.#slot(gram);
    this.#next[entry] = this.#heads[slot] ?? -1;
    this.#heads[slot] = entry;
    this.#loads[slot] = (this.#loads[slot] ?? 0) + 1;
    const bit = Math.imul(gram, multiplier) >>> (32 - this.#slotBits - filterBitsPerSlot);
    this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
  }

  #grow(): void {
    const size = this.#grams.length * 2;
    const previous = this.#grams;
    this.#grams = grown(previous, size);
    previous.fill(0);
    this.#patterns = grown(this.#patterns, size);
    this.#offsets = grown(this.#offsets, size);
    this.#next = grown(this.#next, size);
    this.#slotBits += 1;
    this.#heads = new Int32Array(size).fill(-1);
    this.#loads = new Int32Array(size);
    this.#filter = new Int32Array(size);
    for (let entry = 0; entry < this.#count; entry += 1) this.#link(entry);
  }
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function grown(array: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(size);
  larger.set(array);
  return larger;
}

/** The encodings that keep the value's own letters, so that a difference in case is a change to the value. */
const isPlain = (encoding: Encoding): boolean => encoding === 'raw' || encoding === 'trimmed' || encoding === 'line';

/** Whether the bytes of a pattern from one place in it up to another are those of the text, when the pattern begins at `start` there. */
function equalAt(text: Uint8Array, start: number, bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) {
    if (folded[text[start + at] as number] !== folded[bytes[at] as number]) return false;
  }
  return true;
}

function isExact(text: Uint8Array, start: number, bytes: Uint8Array): boolean {
  return Buffer.compare(text.subarray(start, start + bytes.length), bytes) === 0;
}
