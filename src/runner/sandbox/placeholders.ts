/**
 * Stands for keys in customer code: random text, new in every run, which code can put anywhere and which the runner resolves
 * on its way out. Code that slices, reverses or prints a placeholder gets its letters.
 */
import { randomBytes } from 'node:crypto';
import type { SecretKeyId } from '../../ids.js';

/** Text with values left open: literal text, the value of a key, or the base64 of such parts, whose literal text is UTF-8. */
export type Part =
  | { readonly text: string }
  | { readonly secretKeyId: SecretKeyId }
  | { readonly base64Of: readonly Part[] };

/** Derived placeholders inside of each other that are resolved; what lies deeper stays literal text. */
const deepestDerivation = 8;
const nameBytes = 16;

/**
 * A placeholder, or what `btoa` in the sandbox makes of a text with one in it: the name of one of its placeholders, so that
 * only code that was given one can make it, and the text in base64url. All of their characters stand for themselves in
 * headers, URLs, forms and JSON, and a full stop ends a derived one.
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

  /** The base64 of the text in UTF-8; of text with a placeholder in it, another placeholder. */
  base64(text: string): string {
    const names = [...text.matchAll(anyPlaceholder)].flatMap(([, direct, derived]) => direct ?? derived ?? []);
    const known = names.find((name) => this.#keyOf.has(name));
    if (known === undefined) return Buffer.from(text, 'utf8').toString('base64');
    return `nightsafe_derived_${known}_${Buffer.from(text, 'utf8').toString('base64url')}.end`;
  }

  /** The text in parts, in order; literal parts are not empty. Text that only looks like a placeholder is literal. */
  split(text: string): Part[] {
    return this.#split(text, 0);
  }

  #split(text: string, depth: number): Part[] {
    const parts: Part[] = [];
    let literal = 0;
    for (const match of text.matchAll(anyPlaceholder)) {
      const part = this.#resolve(match, depth);
      if (part === null) continue;
      if (match.index > literal) parts.push({ text: text.slice(literal, match.index) });
      parts.push(part);
      literal = match.index + match[0].length;
    }
    if (text.length > literal) parts.push({ text: text.slice(literal) });
    return parts;
  }

  #resolve([, direct, derivedFrom, encoded]: RegExpMatchArray, depth: number): Part | null {
    if (direct !== undefined) {
      const secretKeyId = this.#keyOf.get(direct);
      return secretKeyId === undefined ? null : { secretKeyId };
    }
    if (derivedFrom === undefined || !this.#keyOf.has(derivedFrom) || depth >= deepestDerivation) return null;
    const text = decode(encoded ?? '');
    return text === null ? null : { base64Of: this.#split(text, depth + 1) };
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(base64url: string): string | null {
  try {
    return utf8.decode(Buffer.from(base64url, 'base64url'));
  } catch {
    return null;
  }
}
