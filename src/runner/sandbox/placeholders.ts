/**
 * Stands for keys in customer code: random text, new in every run, which code can put anywhere and which the runner resolves
 * on its way out. Code that slices, reverses or prints a placeholder gets its letters.
 */
import { randomBytes } from 'node:crypto';
import type { SecretKeyId } from '../../ids.js';

/** Literal text, or the value of a key. */
export type PlainPart = { readonly text: string } | { readonly secretKeyId: SecretKeyId };

/** Text with values left open; a part may be the base64 of such text, in UTF-8. */
export type Part = PlainPart | { readonly base64Of: readonly PlainPart[] };

const nameBytes = 16;

/**
 * A placeholder, or what `btoa` in the sandbox makes of a text with one in it: the name of one of its placeholders, so that
 * only code that was given one can make it, and the text in base64url. All of their characters stand for themselves in
 * headers, URLs, forms and JSON, and a full stop ends a derived one. A derived one inside of another is letters: `btoa` refuses to
 * make such a one, and so does whoever calls `base64`.
 */
const anyPlaceholder = /nightsafe_(?:placeholder_([\w-]{22})|derived_([\w-]{22})_([\w-]*)\.end)/g;

export class Placeholders {
  readonly #nameOf = new Map<SecretKeyId, string>();
  readonly #keyOf = new Map<string, SecretKeyId>();

  /** `random` gives as many random bytes as it is asked for. */
  constructor(private readonly random: (bytes: number) => Uint8Array = randomBytes) {}

  /** The same text for the same key, as long as this object lives: one run. */
  forKey(id: SecretKeyId): string {
    let name = this.#nameOf.get(id);
    if (name === undefined) {
      name = Buffer.from(this.random(nameBytes)).toString('base64url');
      this.#nameOf.set(id, name);
      this.#keyOf.set(name, id);
    }
    return `nightsafe_placeholder_${name}`;
  }

  /** The base64 of the text in UTF-8; of text with a placeholder of a key in it, a derived placeholder. */
  base64(text: string): string {
    const names = [...text.matchAll(anyPlaceholder)].flatMap(([, direct]) => direct ?? []);
    const known = names.find((name) => this.#keyOf.has(name));
    if (known === undefined) return Buffer.from(text, 'utf8').toString('base64');
    return `nightsafe_derived_${known}_${Buffer.from(text, 'utf8').toString('base64url')}.end`;
  }

  /** The text in parts, in order; literal parts are not empty. Text that only looks like a placeholder is literal. */
  split(text: string): Part[] {
    return split(text, (match) => this.#key(match) ?? this.#derived(match));
  }

  #key([, name]: RegExpMatchArray): PlainPart | null {
    const secretKeyId = name === undefined ? undefined : this.#keyOf.get(name);
    return secretKeyId === undefined ? null : { secretKeyId };
  }

  #derived([, , name, encoded]: RegExpMatchArray): Part | null {
    if (name === undefined || !this.#keyOf.has(name)) return null;
    const text = decode(encoded ?? '');
    return text === null ? null : { base64Of: split(text, (match) => this.#key(match)) };
  }
}

function split<Found extends Part>(
  text: string,
  resolve: (match: RegExpMatchArray) => Found | null,
): (Found | { readonly text: string })[] {
  const parts: (Found | { readonly text: string })[] = [];
  let literal = 0;
  for (const match of text.matchAll(anyPlaceholder)) {
    const part = resolve(match);
    if (part === null || match.index === undefined) continue;
    if (match.index > literal) parts.push({ text: text.slice(literal, match.index) });
    parts.push(part);
    literal = match.index + match[0].length;
  }
  if (text.length > literal) parts.push({ text: text.slice(literal) });
  return parts;
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(base64url: string): string | null {
  try {
    return utf8.decode(Buffer.from(base64url, 'base64url'));
  } catch {
    return null;
  }
}
