/**
 * The one way out of a run: whatever leaves it is searched for the run's values, in the encodings that programs give them, and
 * masked before it is stored. It is the second net: that a value is not there in the first place is the work of placeholders and
 * egress. docs/redaction.md says what it finds and what it cannot.
 */
import { JsonRedaction } from './json.js';
import { mask, withheld } from './mask.js';
import type { Match } from './pattern-index.js';
import { type Hit, type Owner, type Place, ReceiptLedger, type Redaction, rootPath } from './receipt.js';
import { IndexStream, type RedactionStream } from './stream.js';
import { type Mask, Sweep } from './sweep.js';
import { type SecretValue, ValueSearch } from './value-search.js';

export type { Encoding } from './encodings.js';
export { mask, withheld } from './mask.js';
export type { Origin, Place, Redaction } from './receipt.js';
export type { RedactionStream } from './stream.js';
export type { SecretValue } from './value-search.js';

export interface RedactionLimits {
  /** Bytes of a text up to which it is also searched in its decoded views. */
  readonly decodedText: number;
  /** Bytes that are decoded for one text, over all of its views. */
  readonly decodedViews: number;
  /** The same for all texts of one value of JSON. Beyond either only the patterns are searched. */
  readonly decodedInAll: number;
  /** Steps of comparing for one text, one value of JSON, one chunk of a stream. What takes more is withheld. */
  readonly work: number;
  /** Levels of lists and objects in JSON. What is deeper is withheld. */
  readonly depth: number;
  /** Values in JSON. One that holds more is withheld as a whole. */
  readonly nodes: number;
  /** The same beside a value of fewer than 8 bytes: each node could be a guess of it. */
  readonly nodesBesideShort: number;
  /** Entries of a receipt; further ones are counted. */
  readonly redactions: number;
}

const defaultLimits: RedactionLimits = {
  decodedText: 256 * 1024,
  decodedViews: 8 * 1024 * 1024,
  decodedInAll: 128 * 1024 * 1024,
  work: 100_000_000,
  depth: 64,
  nodes: 1_000_000,
  nodesBesideShort: 1_000,
  redactions: 200,
};

/**
 * Masks the values of one run. No method but the constructor and `add` throws: what cannot be searched, for whatever reason, is
 * withheld, so that no failure lets an unsearched text through.
 */
export class Redactor {
  readonly #limits: RedactionLimits;
  readonly #search: ValueSearch;
  readonly #ledger: ReceiptLedger;
  #withheldCount = 0;

  /** @throws RangeError for an empty value. */
  constructor(values: readonly SecretValue[], limits: Partial<RedactionLimits> = {}, search?: ValueSearch) {
    this.#limits = { ...defaultLimits, ...limits };
    this.#search = search ?? new ValueSearch(this.#limits);
    this.#ledger = new ReceiptLedger(this.#limits.redactions);
    for (const value of values) this.add(value);
  }

  /**
   * A value that is derived during the run, from now on also in streams that are open.
   *
   * @throws RangeError for an empty value, Error after `destroy`.
   */
  add(value: SecretValue): void {
    this.#search.add(value);
  }

  /** A redactor of the same values, also of those that either is given later, with a receipt of its own. It is destroyed with this one. */
  withOwnReceipt(): Redactor {
    return new Redactor([], this.#limits, this.#search);
  }

  /**
   * A bounded text, masked: a header's value, a log line, a message, a URL. Text that is a JSON object or list stays one. Cut a text
   * after it was redacted, not before: in what was cut, half a value is not found.
   */
  text(text: string, place: Place): string {
    return this.#orWithheld(() => this.#text(text, () => place));
  }

  /** A value of JSON, masked: strings, keys, numbers, booleans and null. An output's place gets the JSON path. */
  json(value: unknown, place: Place): unknown {
    return this.#orWithheld(() => this.#json(value, place));
  }

  /** Bytes of any length and kind, masked as they come. Decoded views, short values and the validity of JSON are for the others. */
  stream(place: Place): RedactionStream {
    return new IndexStream(this.#search.index, {
      onHits: (hits) => this.#record(hits, () => place),
      onFailure: () => this.#countWithheld(),
    });
  }

  /** What was masked: each key, origin, place and encoding once, in that order. */
  receipt(): readonly Redaction[] {
    return this.#ledger.redactions();
  }

  /** Maskings that the receipt has no room for. */
  get more(): number {
    return this.#ledger.more;
  }

  /** Texts, streams and values of JSON that could not be searched and are withheld. */
  get withheldCount(): number {
    return this.#withheldCount;
  }

  /** Fills the patterns with zero. Whatever is redacted afterwards is withheld; the receipt stays. */
  destroy(): void {
    this.#search.destroy();
  }

  #text(text: string, place: () => Place): string {
    const bytes = Buffer.from(text);
    const matches = this.#search.inText(bytes);
    if (matches.length === 0) return text;
    const { masked, masks } = maskedBytes(bytes, matches);
    const result = masked.toString();
    const parsed = parsedContainer(text);
    const isBroken = parsed !== undefined && parsedContainer(result) === undefined;
    if (isBroken && areInLeaves(bytes, matches)) return JSON.stringify(this.#json(parsed, place()));
    for (const { hits } of masks) this.#record(hits, place);
    return isBroken ? JSON.stringify([mask.text]) : result;
  }

  #json(value: unknown, place: Place): unknown {
    const leaf = {
      text: (text: string, placeOf: () => Place) => this.#text(text, placeOf),
      scalar: (scalar: number | boolean | null, placeOf: () => Place) => {
        const matches = this.#search.inScalar(scalar);
        if (matches.length === 0) return scalar;
        for (const { hits } of maskedBytes(new Uint8Array(), matches).masks) this.#record(hits, placeOf);
        return mask.text;
      },
      bytes: (bytes: Uint8Array, placeOf: () => Place) => {
        const { masks } = maskedBytes(bytes, this.#search.index.matches(bytes));
        for (const { hits } of masks) this.#record(asByteList(hits), placeOf);
        return masks;
      },
      withhold: () => this.#countWithheld(),
    };
    const { depth, nodes, nodesBesideShort } = this.#limits;
    const limits = { depth, nodes: this.#search.hasShorts ? Math.min(nodes, nodesBesideShort) : nodes };
    return new JsonRedaction(leaf, place, limits).redact(value);
  }

  #record(hits: readonly Hit[], place: () => Place): void {
    if (hits.length === 0) return;
    const clean = this.#cleanPlace(place());
    for (const hit of hits) this.#ledger.record(clean, hit);
  }

  /** A header's name and a path may be what the other side sent. */
  #cleanPlace(place: Place): Place {
    if (place.kind === 'header') return { kind: 'header', name: this.#clean(place.name) };
    if (place.kind === 'output') return { kind: 'output', path: this.#clean(place.path ?? rootPath) };
    return place;
  }

  #clean(text: string): string {
    const bytes = Buffer.from(text);
    return maskedBytes(bytes, this.#search.inText(bytes)).masked.toString();
  }

  #countWithheld(): void {
    this.#withheldCount += 1;
  }

  #orWithheld<Result>(redact: () => Result): Result | typeof withheld.text {
    try {
      this.#search.renewWork();
      return redact();
    } catch {
      this.#countWithheld();
      return withheld.text;
    }
  }
}

function maskedBytes(bytes: Uint8Array, matches: readonly Match<Owner>[]): { masked: Buffer; masks: readonly Mask[] } {
  const masks: Mask[] = [];
  const sweep = new Sweep((found) => masks.push(found));
  const masked = Buffer.concat(sweep.take(bytes, matches, bytes.length));
  sweep.close();
  return { masked, masks };
}

const asByteList = (hits: readonly Hit[]): readonly Hit[] => hits.map(({ owner }) => ({ owner, encoding: 'bytes' }));

/**
 * Whether masking the leaves of a JSON text masks all that was found in it: each match is within one string or scalar, or a list of
 * bytes. A value that is itself JSON, such as the file of a service account, is not.
 */
function areInLeaves(text: Buffer, matches: readonly Match<Owner>[]): boolean {
  const leafEnds = new Uint32Array(text.length);
  for (const { 0: leaf, index } of text.toString('latin1').matchAll(jsonLeaf)) {
    leafEnds.fill(index + leaf.length, index, index + leaf.length);
  }
  return matches.every(({ start, end, encoding }) => encoding === 'bytes' || end <= (leafEnds[start] ?? 0));
}

const jsonLeaf = /"(?:[^"\\]|\\.)*"|[-+.\w]+/g;

/** The object or list that the text is as JSON. */
function parsedContainer(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text) as object;
  } catch {
    return undefined;
  }
}
