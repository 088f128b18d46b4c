/** Policy files as YAML trees in which every value remembers its file and line, so that each finding can be clicked. */
import { isUtf8 } from 'node:buffer';
import { type Dirent, lstatSync, readFileSync, type Stats } from 'node:fs';
import { basename, join } from 'node:path';
import { isAlias, isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument, type YAMLParseError } from 'yaml';
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

/** A file as text; null, with a finding, when it is not there or not what a reviewer would see. */
function readText(directory: string, path: string, file: string, findings: Findings): string | null {
  const absolute = join(directory, path);
  const stats = lstatSync(absolute, { throwIfNoEntry: false });
  if (!stats) {
    const message = 'the file does not exist; add it, to begin with as Nightsafe comes with it';
    findings.add({ file, line: 1 }, 'missing-file', message);
    return null;
  }
  if (!stats.isFile()) {
    findings.add(
      { file, line: 1 },
      'unexpected-file',
      `${kindOf(stats)} stands where a file must be; put the file here`,
    );
    return null;
  }
  const bytes = readFileSync(absolute);
  if (!isUtf8(bytes)) {
    let line = 1;
    let rest = bytes;
    for (let end = rest.indexOf('\n'); end >= 0 && isUtf8(rest.subarray(0, end)); end = rest.indexOf('\n')) {
      line += 1;
      rest = rest.subarray(end + 1);
    }
    findings.add({ file, line }, 'unreadable-text', 'the line is not UTF-8; save the file as UTF-8');
    return null;
  }
  const text = new TextDecoder().decode(bytes);
  const invisible = invisibleIn(text);
  if (invisible === null) return text;
  const line = text.slice(0, invisible.index).split('\n').length;
  findings.add({ file, line }, 'unreadable-text', `the line has ${invisible.name}; take it out`);
  return null;
}

/** What changes how a text shows, or shows nothing: control characters, and those that turn the direction of writing. */
function invisibleIn(text: string): { readonly index: number; readonly name: string } | null {
  const found = /(?!\r\n)[^\P{Cc}\t\n]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u.exec(text);
  if (!found) return null;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return { index: found.index, name: `the invisible character U+${code}` };
}

/** What stands somewhere, in a finding. */
export const kindOf = (entry: Dirent | Stats): string =>
  entry.isSymbolicLink()
    ? 'a symbolic link'
    : entry.isDirectory()
      ? 'a folder'
      : entry.isFile()
        ? 'a file'
        : 'a device';

interface Problem {
  readonly at: Location;
  readonly code: FindingCode;
  readonly message: string;
}

/**
 * Reads one YAML document: a rule reads as it is written, without anchors, aliases and tags. Null, with a finding, when it is not there
 * or not plain YAML. Of several problems the first is told: the others may follow from it.
 */
export function readYaml(directory: string, path: string, findings: Findings): YamlNode | null {
  const file = `${basename(directory)}/${path}`;
  const text = readText(directory, path, file, findings);
  if (text === null) return null;
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    uniqueKeys: false,
  });
  const locate = (offset: number): Location => ({ file, line: Math.max(1, lines.linePos(offset).line) });
  const [broken] = document.errors;
  if (broken) {
    const { line } = locate(broken.pos[0]);
    const sentence = sentenceOf(broken, text.split('\n')[line - 1] ?? '');
    findings.add({ file, line }, 'invalid-yaml', sentence);
    return null;
  }

  const problems: Problem[] = [];
  const refuse = (at: Location, message: string, code: FindingCode = 'invalid-yaml') => {
    problems.push({ at, code, message });
  };
  const convert = (node: unknown, at: Location): YamlNode => {
    const here = (child: unknown): Location => {
      const range = isScalar(child) || isMap(child) || isSeq(child) ? child.range : null;
      return range ? locate(range[0]) : at;
    };
    const decoration = decorationOf(node);
    if (decoration) refuse(at, `${decoration} stands here; write out what is meant, without it`);
    if (isSeq(node)) {
      return { at, kind: 'list', items: node.items.map((item) => convert(item, here(item))) };
    }
    if (isMap(node)) {
      const entries = new Map<string, YamlNode>();
      for (const { key, value } of node.items) {
        const keyAt = here(key);
        const name = convert(key, keyAt);
        if (name.kind !== 'scalar' || typeof name.value !== 'string') refuse(keyAt, 'a key must be text');
        else if (entries.has(name.value)) refuse(keyAt, `the key "${name.value}" is given twice; keep one of them`);
        else entries.set(name.value, convert(value, keyAt));
      }
      return { at, kind: 'map', entries };
    }
    if (isScalar(node) && isPlain(node.value)) {
      const invisible = typeof node.value === 'string' ? invisibleIn(node.value) : null;
      if (invisible) refuse(at, `the text has ${invisible.name}; take it out`, 'unreadable-text');
      return { at, kind: 'scalar', value: node.value };
    }
    if (node !== null && !decoration)
      refuse(at, 'only plain text, numbers, booleans, null, lists and maps are allowed here');
    return { at, kind: 'scalar', value: null };
  };
  const root = convert(document.contents, { file, line: 1 });
  const [first] = problems.toSorted((a, b) => a.at.line - b.at.line);
  if (!first) return root;
  findings.add(first.at, first.code, first.message);
  return null;
}

/** What stands at a node besides its content. */
function decorationOf(node: unknown): string | null {
  if (isAlias(node)) return `the alias *${node.source}`;
  if (!isScalar(node) && !isCollection(node)) return null;
  if (node.anchor !== undefined) return `the anchor &${node.anchor}`;
  return node.tag === undefined ? null : 'a tag';
}

function sentenceOf({ code, message }: YAMLParseError, line: string): string {
  if (code === 'TAB_AS_INDENT' || /^ *\t/.test(line)) return 'a tab indents the line; YAML is indented by spaces';
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here; put it in a file of its own';
  return `not valid YAML: ${message}`;
}

const isPlain = (value: unknown): value is Scalar =>
  value === null ||
  ['string', 'boolean'].includes(typeof value) ||
  (typeof value === 'number' && Number.isFinite(value));

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

const longestId = 128;

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

  boolean(node: YamlNode, what: string): boolean {
    if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
    this.findings.add(node.at, 'wrong-shape', `${what} must be true or false`);
    return false;
  }

  /** What decisions, logs and the cells of tests name something by: readable, and the same in every one of them. */
  id(node: YamlNode, what: string): string | null {
    const id = this.text(node, what);
    if (id === null || (/^[a-z0-9-]+(\/[a-z0-9-]+)*$/.test(id) && id.length <= longestId)) return id;
    const form = `lower-case letters, digits and hyphens, in parts with a slash between them, and at most ${longestId} of all`;
    this.findings.add(node.at, 'invalid-id', `${what} must be of ${form}`);
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
