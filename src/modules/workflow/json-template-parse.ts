/**
 * The JSON of a request's body, made into a template: every string in it is one. Read here and not by JSON.parse, which changes the order
 * of members, keeps one of two of the same name, rounds numbers, and quotes what it cannot read.
 */
import type { JsonTemplate } from './template.js';
import { type PlacedReference, parseTemplate, TemplateError } from './template-parse.js';

export interface ParsedJsonTemplate {
  readonly json: JsonTemplate;
  readonly references: readonly PlacedReference[];
}

const deepest = 32;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none of them in a string
const string = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y;
const words: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** @throws TemplateError */
export function parseJsonTemplate(text: string): ParsedJsonTemplate {
  return new JsonReader(text).read();
}

class JsonReader {
  readonly #references: PlacedReference[] = [];
  #at = 0;

  constructor(private readonly text: string) {}

  read(): ParsedJsonTemplate {
    const json = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.text.length) throw new TemplateError(this.#at, 'must end after the first JSON value');
    return { json, references: this.#references };
  }

  #value(depth: number): JsonTemplate {
    this.#skipSpace();
    if (depth > deepest) throw new TemplateError(this.#at, `must have at most ${deepest} levels`);
    switch (this.text[this.#at]) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return { kind: 'string', template: this.#template() };
      default:
        return { kind: 'literal', value: this.#literal() };
    }
  }

  #object(depth: number): JsonTemplate {
    const members: { readonly name: string; readonly value: JsonTemplate }[] = [];
    const names = new Set<string>();
    this.#list('{', '}', () => {
      const begin = this.#at;
      const name = JSON.parse(this.#string()) as string;
      if (names.has(name)) throw new TemplateError(begin, 'is the name of two members of one object');
      if (name.includes('{{')) throw new TemplateError(begin, 'must hold no reference: it is the name of a member');
      names.add(name);
      this.#skipSpace();
      this.#expect(':');
      members.push({ name, value: this.#value(depth + 1) });
    });
    return { kind: 'object', members };
  }

  #array(depth: number): JsonTemplate {
    const elements: JsonTemplate[] = [];
    this.#list('[', ']', () => elements.push(this.#value(depth + 1)));
    return { kind: 'array', elements };
  }

  #list(open: string, close: string, readOne: () => void): void {
    this.#expect(open);
    this.#skipSpace();
    if (this.text[this.#at] === close) {
      this.#at += 1;
      return;
    }
    for (;;) {
      this.#skipSpace();
      readOne();
      this.#skipSpace();
      if (this.text[this.#at] !== ',') break;
      this.#at += 1;
    }
    this.#expect(close, `must be , or ${close}`);
  }

  #literal(): number | boolean | null {
    const begin = this.#at;
    for (const [word, value] of words) {
      if (!this.text.startsWith(word, begin)) continue;
      this.#at += word.length;
      return value;
    }
    const written = this.#take(number);
    if (written === null) throw new TemplateError(begin, 'must be a JSON value');
    const value = Number(written) + 0;
    if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
      throw new TemplateError(begin, 'must be a number that is kept exactly, up to 2^53; write larger ones as strings');
    }
    return value;
  }

  #template() {
    const begin = this.#at;
    const quoted = this.#string();
    const inText = (offset: number): number => begin + 1 + writtenLength(quoted.slice(1, -1), offset);
    try {
      const { template, references } = parseTemplate(JSON.parse(quoted) as string);
      this.#references.push(...references.map(({ reference, offset }) => ({ reference, offset: inText(offset) })));
      return template;
    } catch (error) {
      throw error instanceof TemplateError ? new TemplateError(inText(error.offset), error.message) : error;
    }
  }

  #string(): string {
    const begin = this.#at;
    const quoted = this.#take(string);
    if (quoted === null) throw new TemplateError(begin, 'must be a JSON string in double quotes');
    return quoted;
  }

  #take(form: RegExp): string | null {
    form.lastIndex = this.#at;
    const [found] = form.exec(this.text) ?? [];
    if (found === undefined) return null;
    this.#at += found.length;
    return found;
  }

  #expect(character: string, message = `must be ${character}`): void {
    if (this.text[this.#at] !== character) throw new TemplateError(this.#at, message);
    this.#at += 1;
  }

  #skipSpace(): void {
    while (/[ \t\r\n]/.test(this.text[this.#at] ?? '')) this.#at += 1;
  }
}

/** How many units of a JSON string stand for the first `count` of its text. */
function writtenLength(written: string, count: number): number {
  let at = 0;
  for (let unit = 0; unit < count; unit += 1) at += written[at] !== '\\' ? 1 : written[at + 1] === 'u' ? 6 : 2;
  return at;
}
