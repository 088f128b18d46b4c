/** Headers of the Fetch standard, without guards: the runner's egress decides which headers may be sent. */
import { defineGlobals } from './door.js';

export type HeadersInit = Headers | Iterable<readonly [unknown, unknown]> | Readonly<Record<string, unknown>>;

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

export class Headers {
  /** By name in lower case; `set-cookie` alone may have more than one value. */
  readonly #values = new Map<string, string[]>();

  constructor(from: HeadersInit = {}) {
    const pairs = Symbol.iterator in from ? from : Object.entries(from);
    for (const pair of pairs) {
      if (pair.length !== 2) throw new TypeError('Each header must be a name and a value.');
      this.append(pair[0], pair[1]);
    }
  }

  append(name: unknown, value: unknown): void {
    const key = nameOf(name);
    const values = this.#values.get(key);
    const added = fieldValue(value);
    if (values === undefined) this.#values.set(key, [added]);
    else if (key === 'set-cookie') values.push(added);
    else values[0] = `${values[0]}, ${added}`;
  }

  delete(name: unknown): void {
    this.#values.delete(nameOf(name));
  }

  get(name: unknown): string | null {
    return this.#values.get(nameOf(name))?.join(', ') ?? null;
  }

  getSetCookie(): string[] {
    return [...(this.#values.get('set-cookie') ?? [])];
  }

  has(name: unknown): boolean {
    return this.#values.has(nameOf(name));
  }

  set(name: unknown, value: unknown): void {
    this.#values.set(nameOf(name), [fieldValue(value)]);
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArgument?: unknown): void {
    for (const [name, value] of this) callback.call(thisArgument, value, name, this);
  }

  /** By name, as the standard orders them. */
  *entries(): Generator<[name: string, value: string]> {
    const names = [...this.#values.keys()].sort();
    for (const name of names) for (const value of this.#values.get(name) ?? []) yield [name, value];
  }

  *keys(): Generator<string> {
    for (const [name] of this) yield name;
  }

  *values(): Generator<string> {
    for (const [, value] of this) yield value;
  }

  [Symbol.iterator](): Generator<[name: string, value: string]> {
    return this.entries();
  }
}

function nameOf(name: unknown): string {
  const text = String(name);
  if (!token.test(text)) throw new TypeError('The name of a header is not valid.');
  return text.toLowerCase();
}

function fieldValue(value: unknown): string {
  const text = String(value).replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  for (const character of text) {
    const isAllowed = character > '\u00ff' ? false : character !== '\0' && character !== '\r' && character !== '\n';
    if (!isAllowed) throw new TypeError('The value of a header has a character that no header may have.');
  }
  return text;
}

defineGlobals({ Headers });
