/** Where the values of a run stand in a bounded text or a number. */

import type { SecretKeyId } from '../../ids.js';
import { mask } from './mask.js';
import { type Match, PatternIndex } from './pattern-index.js';
import { patternLengths, patternsOf, trimmed } from './patterns.js';
import type { Origin, Owner } from './receipt.js';
import { decodedViews } from './views.js';

/** A value, or what the runner derived from it for a run: both name the key. */
export interface SecretValue {
  readonly secretKeyId: SecretKeyId;
  /** At least one byte, lent: they are copied. */
  readonly bytes: Uint8Array;
  readonly origin: Origin;
}

export interface SearchLimits {
  /** Bytes of a text that is also searched in its decoded views. */
  readonly decodedText: number;
  /** Bytes that are decoded for one text, over all of its views. */
  readonly decodedViews: number;
  /** The same for all texts of one value of JSON. */
  readonly decodedInAll: number;
  /** Steps of comparing for one text, one value of JSON, one chunk of a stream. Only those made for it need many. */
  readonly work: number;
}

interface Short {
  readonly owner: Owner;
  readonly bytes: Uint8Array;
}

/** The numbers of JSON, RFC 8259. */
const jsonNumber = /^-?\d{1,400}(\.\d{1,400})?([eE][+-]?\d{1,3})?$/;

export class ValueSearch {
  readonly index: PatternIndex<Owner>;
  readonly #limits: SearchLimits;
  #leftToDecode: number;
  readonly #owners: Owner[] = [];
  readonly #shorts: Short[] = [];
  readonly #numbers: { readonly owner: Owner; readonly number: number }[] = [];

  constructor(limits: SearchLimits) {
    this.#limits = limits;
    this.#leftToDecode = limits.decodedInAll;
    this.index = new PatternIndex(limits.work);
    this.index.add(null, { encoding: 'raw', bytes: Uint8Array.from(mask.bytes) });
  }

  /** Whether a value is so short that it is masked where it is all there is. */
  get hasShorts(): boolean {
    return this.#shorts.length > 0;
  }

  add({ secretKeyId, origin, bytes }: SecretValue): void {
    if (bytes.length === 0) throw new RangeError('A value to redact has at least one byte.');
    const owner = this.#ownerOf(secretKeyId, origin);
    for (const pattern of patternsOf(bytes)) this.index.add(owner, pattern);
    const whole = trimmed(bytes);
    if (whole.length > 0 && whole.length < patternLengths.minimum) {
      this.#shorts.push({ owner, bytes: Uint8Array.from(whole) });
    }
    const text = whole.length <= 800 ? Buffer.from(whole).toString('latin1') : '';
    if (jsonNumber.test(text)) this.#numbers.push({ owner, number: Number(text) });
  }

  /** For the next text or value of JSON. */
  renewWork(): void {
    this.#leftToDecode = this.#limits.decodedInAll;
    this.index.renewWork();
  }

  /** The same for all values of a key and an origin: a mask counts once for them. */
  #ownerOf(secretKeyId: SecretKeyId, origin: Origin): Owner {
    const known = this.#owners.find((owner) => owner.secretKeyId === secretKeyId && owner.origin === origin);
    if (known !== undefined) return known;
    const owner = { secretKeyId, origin };
    this.#owners.push(owner);
    return owner;
  }

  /** Matches in a text that is searched as a whole, decoded views included when it is short enough for them. */
  inText(text: Uint8Array): Match<Owner>[] {
    // No decoding makes a text longer.
    if (text.length < patternLengths.minimum && this.#shorts.length === 0) return [];
    const matches = this.index.matches(text);
    this.#addEqual(matches, text, text.length, 'raw');
    if (text.length > this.#limits.decodedText) return matches;
    let left = this.#limits.decodedViews;
    const maySpend = (bytes: number): boolean => {
      left -= bytes;
      this.#leftToDecode -= bytes;
      return left >= 0 && this.#leftToDecode >= 0;
    };
    for (const view of decodedViews(text, maySpend)) {
      for (const { start, end, owner } of this.index.matches(view.bytes)) {
        if (owner !== null) matches.push({ ...view.rangeInText(start, end), owner, encoding: 'mixed' });
      }
      this.#addEqual(matches, view.bytes, text.length, 'mixed');
    }
    return matches;
  }

  /** Whose value a number, a boolean or null is, written as JSON writes it or in any other way that means the same number. */
  inScalar(scalar: number | boolean | null): Match<Owner>[] {
    const text = Buffer.from(String(scalar), 'latin1');
    const matches = this.inText(text);
    for (const { owner, number } of this.#numbers) {
      if (number === scalar) matches.push({ start: 0, end: text.length, owner, encoding: 'number' });
    }
    return matches;
  }

  /** Fills with zero what can be. Searching afterwards throws. */
  destroy(): void {
    this.index.destroy();
    for (const { bytes } of this.#shorts) bytes.fill(0);
    this.#shorts.length = 0;
    this.#numbers.length = 0;
  }

  /** A value that is too short to be searched for is masked where it is all there is. */
  #addEqual(matches: Match<Owner>[], bytes: Uint8Array, end: number, encoding: 'raw' | 'mixed'): void {
    if (this.#shorts.length === 0) return;
    const whole = trimmed(bytes);
    for (const { owner, bytes: short } of this.#shorts) {
      if (Buffer.compare(whole, short) === 0) matches.push({ start: 0, end, owner, encoding });
    }
  }
}
