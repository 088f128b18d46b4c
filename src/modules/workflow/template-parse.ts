/**
 * Text as people write it, made into a template. `{{ … }}` is a reference; `\{{` is two braces. A backslash means something directly
 * before `{{` alone, and is doubled there to stand for itself; of more than two braces in a row the last two open the reference.
 */
import { isId, type SecretKeyId } from '../../ids.js';
import type { OutputPath, Segment, Template } from './template.js';

export type Reference = Exclude<Segment, { readonly kind: 'text' }>;

/** A reference and where it stands in its text, in UTF-16 units from 0. */
export interface PlacedReference {
  readonly reference: Reference;
  readonly offset: number;
}

export interface ParsedTemplate {
  readonly template: Template;
  readonly references: readonly PlacedReference[];
}

/** What is wrong with a text, and where: UTF-16 units from 0. The message quotes nothing of the text. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';

  constructor(
    readonly offset: number,
    message: string,
  ) {
    super(message);
  }
}

/** Elements of a path, and letters of one of them, at most. */
const longestPath = 32;
const longestName = 256;

/** @throws TemplateError */
export function parseTemplate(text: string): ParsedTemplate {
  const template: Segment[] = [];
  const references: PlacedReference[] = [];
  let literal = '';
  let at = 0;
  while (at < text.length) {
    const braces = text.indexOf('{{', at);
    if (braces < 0) break;
    const backslashes = braces - beforeBackslashes(text, at, braces);
    literal += text.slice(at, braces - backslashes) + '\\'.repeat(backslashes >> 1);
    if (backslashes % 2 === 1) {
      literal += '{{';
      at = braces + 2;
    } else if (text[braces + 2] === '{') {
      literal += '{';
      at = braces + 1;
    } else {
      if (literal !== '') template.push({ kind: 'text', text: literal });
      literal = '';
      const { reference, end } = new ReferenceReader(text, braces).read();
      template.push(reference);
      references.push({ reference, offset: braces });
      at = end;
    }
  }
  literal += text.slice(at);
  if (literal !== '') template.push({ kind: 'text', text: literal });
  return { template, references };
}

/** Where the backslashes that end before `end` begin. */
export function beforeBackslashes(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && text[at - 1] === '\\') at -= 1;
  return at;
}

const word = /[A-Za-z]+/y;
const idLetters = /[\w-]+/y;
const identifier = /[A-Za-z_$][\w$]*/y;
const stepName = /[A-Za-z_]\w{0,63}(?!\w)/y;
const elementNumber = /(?:0|[1-9]\d{0,8})(?=\])/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none of them in a string
const jsonString = /"(?:[^"\\\u0000-\u001f]|\\.)*"/y;

/** Reads one reference, from its opening braces to its closing ones. */
class ReferenceReader {
  #at: number;

  constructor(
    private readonly text: string,
    private readonly start: number,
  ) {
    this.#at = start + 2;
  }

  read(): { readonly reference: Reference; readonly end: number } {
    this.#skipSpace();
    const reference = this.#reference();
    this.#skipSpace();
    if (!this.text.startsWith('}}', this.#at)) {
      if (!this.text.includes('}}', this.#at)) throw new TemplateError(this.start, 'a reference is not closed with }}');
      throw new TemplateError(this.#at, 'must be }} or the next part of the path');
    }
    return { reference, end: this.#at + 2 };
  }

  #reference(): Reference {
    const begin = this.#at;
    switch (this.#take(word)) {
      case 'secretKey': {
        const id = this.#skip(':') ? (this.#take(idLetters) ?? '') : '';
        if (!isId(id)) throw new TemplateError(begin, 'must be secretKey: and the id of a key');
        return { kind: 'secretKey', secretKeyId: id as SecretKeyId };
      }
      case 'steps': {
        const step = this.#skip('.') ? this.#take(stepName) : null;
        if (step === null) throw new TemplateError(begin, 'must be steps. and the name of a step');
        return { kind: 'output', step, path: this.#path() };
      }
      case 'input':
        return { kind: 'input', path: this.#path() };
      default:
        throw new TemplateError(begin, 'is no reference: secretKey:ID, steps.NAME or input; write \\{{ for two braces');
    }
  }

  #path(): OutputPath {
    const path: (string | number)[] = [];
    for (;;) {
      const begin = this.#at;
      const element = this.#skip('.') ? this.#member() : this.#skip('[') ? this.#element() : null;
      if (element === null) return path;
      path.push(element);
      if (path.length > longestPath) throw new TemplateError(begin, `a path must have at most ${longestPath} parts`);
    }
  }

  #member(): string {
    const begin = this.#at;
    const name = this.#take(identifier);
    if (name === null) throw new TemplateError(begin, 'must be a name; write ["…"] for one with other characters');
    return this.#bounded(name, begin);
  }

  #element(): string | number {
    const begin = this.#at;
    const index = this.#take(elementNumber);
    const quoted = index === null ? this.#take(jsonString) : null;
    if ((index === null && quoted === null) || !this.#skip(']')) {
      throw new TemplateError(begin, 'must be a number or a name in double quotes, and ]');
    }
    return index === null ? this.#bounded(this.#unquoted(quoted ?? '', begin), begin) : Number(index);
  }

  #unquoted(quoted: string, begin: number): string {
    try {
      return JSON.parse(quoted) as string;
    } catch {
      throw new TemplateError(begin, 'must be a name in double quotes, as JSON writes it');
    }
  }

  #bounded(name: string, begin: number): string {
    if (name.length > longestName) throw new TemplateError(begin, `must have at most ${longestName} characters`);
    return name;
  }

  #take(form: RegExp): string | null {
    form.lastIndex = this.#at;
    const [found] = form.exec(this.text) ?? [];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #skip(text: string): boolean {
    if (!this.text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #skipSpace(): void {
    while (this.text[this.#at] === ' ' || this.text[this.#at] === '\t') this.#at += 1;
  }
}
