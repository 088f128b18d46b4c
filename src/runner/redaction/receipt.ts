/** What was masked: the record of a run that names no value. */
import type { SecretKeyId } from '../../ids.js';
import { type Encoding, encodings } from './encodings.js';

/** What the value of a key became: itself, or something that the runner made with it. */
export type Origin = 'value' | 'base64' | 'hmac' | 'jwt';

/** Where something leaves a run. `path` is a JSON path, `$` when it is left out, `line` a number from 1, `name` a header's. */
export type Place =
  | { readonly kind: 'output'; readonly path?: string }
  | { readonly kind: 'log'; readonly line: number }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'error' }
  | { readonly kind: 'url' };

export interface Redaction {
  readonly secretKeyId: SecretKeyId;
  readonly origin: Origin;
  readonly place: Place;
  readonly encoding: Encoding;
  /** Masks in which this key was found so at this place; `mostCounted` stands for more as well. */
  readonly count: number;
}

export interface Owner {
  readonly secretKeyId: SecretKeyId;
  readonly origin: Origin;
}

/** Up to here a receipt counts. */
const mostCounted = 1_000;

/** One key in one mask. */
export interface Hit {
  readonly owner: Owner;
  readonly encoding: Encoding;
}

export class ReceiptLedger {
  readonly #redactions = new Map<string, { readonly redaction: Omit<Redaction, 'count'>; count: number }>();
  readonly #limit: number;
  #more = 0;

  /** @param limit entries of the list; what would be a further one is counted alone. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Maskings that are not in the list, because it is full. */
  get more(): number {
    return this.#more;
  }

  record(place: Place, { owner: { secretKeyId, origin }, encoding }: Hit): void {
    const key = JSON.stringify([secretKeyId, origin, place.kind, detail(place), encoding]);
    const known = this.#redactions.get(key);
    if (known !== undefined) known.count = Math.min(known.count + 1, mostCounted);
    else if (this.#redactions.size >= this.#limit) this.#more += 1;
    else this.#redactions.set(key, { redaction: { secretKeyId, origin, place: { ...place }, encoding }, count: 1 });
  }

  redactions(): Redaction[] {
    const redactions = Array.from(this.#redactions.values(), ({ redaction, count }) => ({ ...redaction, count }));
    return redactions.sort(inOrder);
  }
}

/** The JSON path of a whole output. */
export const rootPath = '$';

function detail(place: Place): string | number {
  if (place.kind === 'output') return place.path ?? rootPath;
  if (place.kind === 'log') return place.line;
  return place.kind === 'header' ? place.name : '';
}

function inOrder(a: Redaction, b: Redaction): number {
  return (
    compare(a.secretKeyId, b.secretKeyId) ||
    compare(a.origin, b.origin) ||
    compare(a.place.kind, b.place.kind) ||
    compare(detail(a.place), detail(b.place)) ||
    encodings.indexOf(a.encoding) - encodings.indexOf(b.encoding)
  );
}

function compare<Value extends string | number>(a: Value, b: Value): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
