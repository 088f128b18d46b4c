/** Turns what was found into masks, from the text's beginning to its end: matches that overlap or touch become one mask. */
import { type Encoding, encodings } from './encodings.js';
import { mask } from './mask.js';
import type { Match } from './pattern-index.js';
import type { Hit, Owner } from './receipt.js';

/** A mask, by its place in the whole text, and each key in it: none in a mask of before. */
export interface Mask {
  readonly start: number;
  readonly end: number;
  readonly hits: readonly Hit[];
}

interface Best {
  readonly length: number;
  readonly encoding: Encoding;
}

export class Sweep {
  readonly #onMask: (mask: Mask) => void;
  /** The place in the whole text that the next call's text begins at. */
  #base = 0;
  /** The mask that may still grow, and the first place that was neither given out nor masked, from the whole text's beginning. */
  #open: { readonly start: number; end: number; readonly best: Map<Owner, Best>; oldMaskEnd: number } | null = null;
  #cursor = 0;

  /** @param onMask is called once a mask is complete. */
  constructor(onMask: (mask: Mask) => void) {
    this.#onMask = onMask;
  }

  /**
   * The text up to `until`, masked, in parts. The matches are those that begin before it; one may end after it. The next call's
   * text begins at `until`.
   */
  take(text: Uint8Array, matches: readonly Match<Owner>[], until: number): Uint8Array[] {
    const parts: Uint8Array[] = [];
    for (const { start, end, owner, encoding } of [...matches].sort((a, b) => a.start - b.start)) {
      const from = this.#base + start;
      if (this.#open === null || from > this.#open.end) {
        this.close();
        if (from > this.#cursor) parts.push(text.subarray(this.#cursor - this.#base, start));
        parts.push(mask.bytes);
        this.#open = { start: from, end: from, best: new Map(), oldMaskEnd: -1 };
      }
      const open = this.#open;
      open.end = Math.max(open.end, this.#base + end);
      this.#cursor = open.end;
      if (owner !== null) noteBetter(open.best, owner, { length: end - start, encoding });
      else if (from === open.start) open.oldMaskEnd = this.#base + end;
    }
    if (this.#cursor < this.#base + until) {
      parts.push(text.subarray(this.#cursor - this.#base, until));
      this.#cursor = this.#base + until;
    }
    this.#base += until;
    return parts;
  }

  /** Completes the last mask. What is found inside a mask of before, such as the word in it, is nothing new. */
  close(): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    const { start, end, best, oldMaskEnd } = open;
    const hits = Array.from(best, ([owner, { encoding }]) => ({ owner, encoding }));
    this.#onMask({ start, end, hits: oldMaskEnd === end ? [] : hits });
  }
}

/** Of a key's matches in a mask the longest gives the encoding; of equally long ones that which stands first in the list. */
function noteBetter(best: Map<Owner, Best>, owner: Owner, found: Best): void {
  const known = best.get(owner);
  const isBetter =
    known === undefined ||
    found.length > known.length ||
    (found.length === known.length && encodings.indexOf(found.encoding) < encodings.indexOf(known.encoding));
  if (isBetter) best.set(owner, found);
}
