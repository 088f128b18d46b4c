/** Policy files as YAML trees in which every value remembers its file and line, so that each finding can be clicked. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Scalar } from './conditions.js';
import type { FindingCode } from './finding-codes.js';

export interface Finding {
  /** Path from the parent of the policy folder, such as `policies/rules/group.yaml`. */
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly code: FindingCode;
  /** Says what is wrong and what to do. */
  readonly message: string;
}

/** The policies do not load. The message has one line per finding: `policies/rules/group.yaml:12: …`. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  constructor(readonly findings: readonly Finding[]) {
    super(findings.map(({ file, line, message }) => `${file}:${line}: ${message}`).join('\n'));
  }
}

export interface Location {
  readonly file: string;
  readonly line: number;
}

export type YamlNode = { readonly at: Location } & (
  | { readonly kind: 'scalar'; readonly value: Scalar }
  | { readonly kind: 'list'; readonly items: readonly YamlNode[] }
  | { readonly kind: 'map'; readonly entries: ReadonlyMap<string, YamlNode> }
);

/** Collects every finding of a load, so that an author sees all of them at once. */
export class Findings {
  private readonly found: Finding[] = [];

  add(at: Location, code: FindingCode, message: string): void {
    this.found.push({ ...at, code, message });
  }

  addAll(findings: readonly Finding[]): void {
    this.found.push(...findings);
  }

  /** In the order of files and lines. */
  get all(): readonly Finding[] {
    return this.found.toSorted(byPlace);
  }

  throwIfAny(): void {
    if (this.found.length > 0) throw new PolicyError(this.all);
  }
}

const byPlace = (a: Finding, b: Finding): number => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1);

/** Reads one YAML document. Anchors, aliases and custom tags are findings: a rule reads as it is written. */
export function readYaml(directory: string, path: string, findings: Findings): YamlNode {
  const file = `${basename(directory)}/${path}`;
  const absolute = join(directory, path);
  if (!existsSync(absolute)) {
    findings.add({ file, line: 1 }, 'missing-file', 'the file does not exist');
    return { at: { file, line: 1 }, kind: 'scalar', value: null };
  }
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(absolute, 'utf8'), {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    uniqueKeys: true,
  });
  const locate = (offset: number): Location => ({ file, line: Math.max(1, lines.linePos(offset).line) });
  for (const problem of [...document.errors, ...document.warnings]) {
    findings.add(locate(problem.pos[0]), 'invalid-yaml', `not valid YAML: ${problem.message}`);
  }

  const convert = (node: unknown, at: Location): YamlNode => {
    const here = (child: unknown): Location => {
      const range = isScalar(child) || isMap(child) || isSeq(child) ? child.range : null;
      return range ? locate(range[0]) : at;
    };
    if (isSeq(node)) {
      return { at, kind: 'list', items: node.items.map((item) => convert(item, here(item))) };
    }
    if (isMap(node)) {
      const entries = new Map<string, YamlNode>();
      for (const { key, value } of node.items) {
        const keyAt = here(key);
        if (isScalar(key) && typeof key.value === 'string') entries.set(key.value, convert(value, keyAt));
        else findings.add(keyAt, 'invalid-yaml', 'a key must be text');
      }
      return { at, kind: 'map', entries };
    }
    if (isScalar(node) && isPlain(node.value)) return { at, kind: 'scalar', value: node.value };
    if (node !== null)
      findings.add(at, 'invalid-yaml', 'only plain text, numbers, booleans, null, lists and maps are allowed here');
    return { at, kind: 'scalar', value: null };
  };
  return convert(document.contents, { file, line: 1 });
}

const isPlain = (value: unknown): value is Scalar =>
  value === null || ['string', 'number', 'boolean'].includes(typeof value);

/** The `.yaml` files of a folder inside `directory`, as sorted paths from `directory`. */
export function yamlFilesIn(directory: string, folder: string, ending = '.yaml'): string[] {
  const absolute = join(directory, folder);
  if (!existsSync(absolute)) return [];
  return readdirSync(absolute)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => `${folder}/${name}`);
}

/** The tree without positions; keys sorted, so that equal content gives equal text. */
export function plain(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return Object.fromEntries([...node.entries].sort(byKey).map(([key, value]) => [key, plain(value)]));
  }
}

const byKey = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

/** Takes typed values out of a tree. What does not fit becomes a finding and reads as absent. */
export class YamlReader {
  constructor(readonly findings: Findings) {}

  entries(node: YamlNode, what: string): ReadonlyMap<string, YamlNode> {
    if (node.kind === 'map') return node.entries;
    this.findings.add(node.at, 'wrong-shape', `${what} must be a map`);
    return new Map();
  }

  /** The entries of a map that has no keys but these. */
  record(node: YamlNode, what: string, keys: readonly string[]): ReadonlyMap<string, YamlNode> {
    const entries = this.entries(node, what);
    for (const [key, value] of entries) {
      if (!keys.includes(key)) {
        this.findings.add(value.at, 'unknown-key', `unknown key "${key}" in ${what}; known: ${keys.join(', ')}`);
      }
    }
    return entries;
  }

  items(node: YamlNode, what: string): readonly YamlNode[] {
    if (node.kind === 'list') return node.items;
    this.findings.add(node.at, 'wrong-shape', `${what} must be a list`);
    return [];
  }

  text(node: YamlNode, what: string): string | null {
    if (node.kind === 'scalar' && typeof node.value === 'string' && node.value.trim() !== '') return node.value;
    this.findings.add(node.at, 'wrong-shape', `${what} must be text that is not empty`);
    return null;
  }

  /** A list of texts, none twice. */
  texts(node: YamlNode, what: string): readonly string[] {
    const texts = new Set<string>();
    for (const item of this.items(node, what)) {
      const text = this.text(item, `each of ${what}`);
      if (text === null) continue;
      if (texts.has(text)) this.findings.add(item.at, 'duplicate-name', `"${text}" is in ${what} twice`);
      texts.add(text);
    }
    return [...texts];
  }
}
