/** Masks a JSON value: its strings, its keys, its scalars, and lists of numbers that are bytes. */
import { mask, withheld } from './mask.js';
import { type Place, rootPath } from './receipt.js';

/** What masks the leaves. Each records what it masked at the place, which is only made when it is asked for. */
export interface LeafRedaction {
  text(text: string, place: () => Place): string;
  /** `mask.text` or the scalar itself. */
  scalar(scalar: number | boolean | null, place: () => Place): unknown;
  /** Counts something that cannot be searched. */
  withhold(): void;
  /** The ranges to mask, in order and apart. */
  bytes(bytes: Uint8Array, place: () => Place): readonly Range[];
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface JsonLimits {
  /** Levels of lists and objects. What is deeper is withheld. */
  readonly depth: number;
  /** Values and keys. What holds more is withheld as a whole. */
  readonly nodes: number;
}

/** A place in the value, from which its JSON path is made when something was masked there. */
interface Node {
  readonly parent: Node | null;
  readonly step: string | number;
}

/** Numbers in a row that may be the bytes of a value. */
const leastBytes = 8;
const longestPath = 300;

export class JsonRedaction {
  readonly #leaf: LeafRedaction;
  readonly #place: Place;
  readonly #limits: JsonLimits;
  #nodes = 0;

  constructor(leaf: LeafRedaction, place: Place, limits: JsonLimits) {
    this.#leaf = leaf;
    this.#place = place;
    this.#limits = limits;
  }

  /** @throws RangeError when the value has too many nodes, before any of them is looked at, so that nothing is recorded. */
  redact(value: unknown): unknown {
    this.#count(value, 0);
    return this.#value(value, null, 0);
  }

  #count(value: unknown, depth: number): void {
    this.#nodes += 1;
    if (this.#nodes > this.#limits.nodes) throw new RangeError('The JSON value has too many nodes to be redacted.');
    if (depth === this.#limits.depth) return;
    if (Array.isArray(value) || isPlainObject(value)) {
      for (const member of Object.values(value)) this.#count(member, depth + 1);
    }
  }

  #value(value: unknown, node: Node | null, depth: number): unknown {
    if (typeof value === 'string') return this.#leaf.text(value, () => this.#placeOf(node));
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) {
      return this.#leaf.scalar(value, () => this.#placeOf(node));
    }
    if (value === undefined) return undefined;
    if (depth < this.#limits.depth) {
      if (Array.isArray(value)) return this.#list(value, node, depth + 1);
      if (isPlainObject(value)) return this.#object(value, node, depth + 1);
    }
    this.#leaf.withhold();
    return withheld.text;
  }

  /** Bytes that are a value become one mask, in place of as many numbers. */
  #list(list: readonly unknown[], node: Node | null, depth: number): unknown[] {
    const given: unknown[] = [];
    let at = 0;
    for (const { start, end } of [...this.#byteRanges(list, node), { start: list.length, end: list.length }]) {
      for (; at < start; at += 1) given.push(this.#value(list[at], { parent: node, step: at }, depth));
      if (end > start) given.push(mask.text);
      at = end;
    }
    return given;
  }

  #byteRanges(list: readonly unknown[], node: Node | null): readonly Range[] {
    const found: Range[] = [];
    if (list.length < leastBytes) return found;
    for (let start = 0; start < list.length; ) {
      const bytes: number[] = [];
      for (let item = list[start]; isByte(item); item = list[start + bytes.length]) bytes.push(item);
      const ranges =
        bytes.length < leastBytes ? [] : this.#leaf.bytes(Uint8Array.from(bytes), () => this.#placeOf(node));
      for (const range of ranges) found.push({ start: start + range.start, end: start + range.end });
      start += bytes.length + 1;
    }
    return found;
  }

  /** Keys that become the same when they are masked are told apart by a number. */
  #object(object: Readonly<Record<string, unknown>>, node: Node | null, depth: number): Record<string, unknown> {
    const taken = new Set<string>();
    const nextCounts = new Map<string, number>();
    const entries = Object.entries(object).map(([key, value]): [string, unknown] => {
      const masked = this.#leaf.text(key, () => this.#placeOf(node));
      let name = masked;
      let count = nextCounts.get(masked) ?? 2;
      for (; taken.has(name) || (name !== key && Object.hasOwn(object, name)); count += 1)
        name = `${masked} (${count})`;
      nextCounts.set(masked, count);
      taken.add(name);
      return [name, this.#value(value, { parent: node, step: name.slice(0, longestPath) }, depth)];
    });
    return Object.fromEntries(entries);
  }

  /** A masked key stands in a place as a mask. */
  #placeOf(node: Node | null): Place {
    if (this.#place.kind !== 'output') return this.#place;
    const steps: string[] = [];
    for (let at = node; at !== null; at = at.parent) steps.unshift(stepText(at.step));
    const path = `${this.#place.path ?? rootPath}${steps.join('')}`;
    return { kind: 'output', path: path.length > longestPath ? `${path.slice(0, longestPath)}…` : path };
  }
}

const stepText = (step: string | number): string => {
  if (typeof step === 'number') return `[${step}]`;
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
};

/** A byte, or a signed one, as some languages print them. */
const isByte = (item: unknown): item is number =>
  typeof item === 'number' && Number.isInteger(item) && item >= -128 && item <= 255;

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
