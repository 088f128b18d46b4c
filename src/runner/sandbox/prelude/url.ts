/** URL and URLSearchParams. Parsing is the child's, which follows the URL standard; what is kept is text. */
import { defineGlobals, door, parse, stringify } from './door.js';

type Pair = [name: string, value: string];
type Pairs = Iterable<readonly [unknown, unknown]>;
type Parts = Record<Part | 'origin', string>;
type Part =
  | 'href'
  | 'protocol'
  | 'username'
  | 'password'
  | 'host'
  | 'hostname'
  | 'port'
  | 'pathname'
  | 'search'
  | 'hash';

const isIterable = (value: object): value is Pairs => Symbol.iterator in value;

export class URLSearchParams {
  #pairs: Pair[];
  #changed: (query: string) => void = () => {};

  constructor(from: string | Pairs | Record<string, unknown> = '') {
    if (typeof from === 'object' && from !== null) {
      const pairs = isIterable(from) ? from : Object.entries(from);
      this.#pairs = Array.from(pairs, (pair): Pair => {
        if (pair.length !== 2) throw new TypeError('Each pair must be a name and a value.');
        return [String(pair[0]), String(pair[1])];
      });
    } else this.#pairs = read(String(from));
  }

  /** The parameters of a URL: `changed` gets the query each time they change. */
  static of(query: string, changed: (query: string) => void): URLSearchParams {
    const params = new URLSearchParams(query);
    params.#changed = changed;
    return params;
  }

  /** Takes over the query of the URL that these parameters belong to. */
  static follow(params: URLSearchParams, query: string): void {
    params.#pairs = read(query);
  }

  get size(): number {
    return this.#pairs.length;
  }

  append(name: string, value: string): void {
    this.#replace([...this.#pairs, [String(name), String(value)]]);
  }

  delete(name: string, value?: string): void {
    this.#replace(this.#pairs.filter((pair) => !matches(pair, name, value)));
  }

  get(name: string): string | null {
    return this.#pairs.find((pair) => matches(pair, name))?.[1] ?? null;
  }

  getAll(name: string): string[] {
    return this.#pairs.filter((pair) => matches(pair, name)).map(([, value]) => value);
  }

  has(name: string, value?: string): boolean {
    return this.#pairs.some((pair) => matches(pair, name, value));
  }

  set(name: string, value: string): void {
    const first = this.#pairs.findIndex((pair) => matches(pair, name));
    if (first < 0) {
      this.append(name, value);
      return;
    }
    const others = this.#pairs.filter((pair, index) => index <= first || !matches(pair, name));
    this.#replace(others.with(first, [String(name), String(value)]));
  }

  /** By code units of the names; pairs of the same name keep their order. */
  sort(): void {
    this.#replace(this.#pairs.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
  }

  forEach(callback: (value: string, name: string, params: URLSearchParams) => void, thisArgument?: unknown): void {
    for (const [name, value] of this.#pairs) callback.call(thisArgument, value, name, this);
  }

  *entries(): Generator<Pair> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }

  *keys(): Generator<string> {
    for (const [name] of this.#pairs) yield name;
  }

  *values(): Generator<string> {
    for (const [, value] of this.#pairs) yield value;
  }

  [Symbol.iterator](): Generator<Pair> {
    return this.entries();
  }

  toString(): string {
    return door.formatQuery(stringify(this.#pairs)) ?? '';
  }

  #replace(pairs: Pair[]): void {
    this.#pairs = pairs;
    this.#changed(this.toString());
  }
}

const matches = ([itsName, itsValue]: Pair, name: string, value?: string): boolean =>
  itsName === String(name) && (value === undefined || itsValue === String(value));

function read(query: string): Pair[] {
  const pairs = door.parseQuery(query.toWellFormed());
  if (pairs === null) throw new TypeError('The query is too long.');
  return parse(pairs) as Pair[];
}

const wellFormed = (value: unknown): string => String(value).toWellFormed();

function parts(url: unknown, base: unknown): Parts | null {
  const json = door.parseUrl(wellFormed(url), base === undefined ? null : wellFormed(base));
  return json === null ? null : (parse(json) as Parts);
}

export class URL {
  #parts: Parts;
  #searchParams: URLSearchParams | null = null;

  constructor(url: unknown, base?: unknown) {
    const found = parts(url, base);
    if (found === null) throw new TypeError('Invalid URL');
    this.#parts = found;
  }

  static canParse(url: unknown, base?: unknown): boolean {
    return parts(url, base) !== null;
  }

  static parse(url: unknown, base?: unknown): URL | null {
    return URL.canParse(url, base) ? new URL(url, base) : null;
  }

  static {
    const settable: Part[] = [
      'protocol',
      'username',
      'password',
      'host',
      'hostname',
      'port',
      'pathname',
      'search',
      'hash',
    ];
    for (const part of settable) {
      Object.defineProperty(URL.prototype, part, {
        configurable: true,
        enumerable: true,
        get(this: URL): string {
          return this.#parts[part];
        },
        set(this: URL, value: unknown) {
          this.#change(part, wellFormed(value));
        },
      });
    }
  }

  get href(): string {
    return this.#parts.href;
  }

  set href(value: unknown) {
    const found = parts(value, undefined);
    if (found === null) throw new TypeError('Invalid URL');
    this.#parts = found;
    this.#follow();
  }

  get origin(): string {
    return this.#parts.origin;
  }

  get searchParams(): URLSearchParams {
    this.#searchParams ??= URLSearchParams.of(this.#parts.search, (query) => this.#change('search', query, false));
    return this.#searchParams;
  }

  toString(): string {
    return this.href;
  }

  toJSON(): string {
    return this.href;
  }

  #change(part: Part, value: string, isFollowed = true): void {
    const json = door.changeUrl(this.#parts.href, part, value);
    if (json === null) throw new TypeError('Invalid URL');
    this.#parts = parse(json) as Parts;
    if (isFollowed) this.#follow();
  }

  #follow(): void {
    if (this.#searchParams !== null) URLSearchParams.follow(this.#searchParams, this.#parts.search);
  }
}

defineGlobals({ URL, URLSearchParams });
