/** What the prelude has the child compute: text and bytes in, text and bytes out, and nothing is kept or reached by it. */
import { createHash, randomBytes } from 'node:crypto';
import type { Door, Primitive } from './quickjs.js';

/** Characters of the longest URL or query that is parsed; parsers take quadratic time for some long ones. */
const longestUrl = 65_536;
/** Bytes of `crypto.getRandomValues`, as the Web Cryptography API bounds them. */
const mostRandomBytes = 65_536;
const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
const urlParts = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'];

export const pureFunctions: Door = {
  /** The parts of a URL as a JSON object, or null when it is none. */
  parseUrl: (url, base) => (isShort(url) && (base === null || isShort(base)) ? parseUrl(url, base) : null),
  /** The parts after one of them was set as a property of a URL. */
  changeUrl: (href, part, value) =>
    isShort(href) && isShort(value) && typeof part === 'string' ? changeUrl(href, part, value) : null,
  parseQuery: (text) => (isShort(text) ? JSON.stringify([...new URLSearchParams(text)]) : null),
  formatQuery: (pairs) => (typeof pairs === 'string' ? formatQuery(pairs) : null),
  encodeUtf8: (text) => (typeof text === 'string' ? Buffer.from(text) : null),
  decodeUtf8: (bytes, fatal, ignoreBOM) => (bytes instanceof Uint8Array ? decode(bytes, fatal, ignoreBOM) : null),
  toBase64: (bytes) => (bytes instanceof Uint8Array ? Buffer.from(bytes).toString('base64') : null),
  fromBase64: (text) => (typeof text === 'string' ? Buffer.from(text, 'base64') : null),
  digest: (hash, bytes) => (isHash(hash) && bytes instanceof Uint8Array ? digest(hash, bytes) : null),
  randomBytes: (count) => (isByteCount(count) ? randomBytes(count) : null),
};

const isShort = (value: Primitive | undefined): value is string =>
  typeof value === 'string' && value.length <= longestUrl;

const isHash = (value: Primitive | undefined): value is string => typeof value === 'string' && hashes.includes(value);

const isByteCount = (value: Primitive | undefined): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= mostRandomBytes;

function parseUrl(url: string, base: string | null | undefined): string | null {
  try {
    return partsOf(new URL(url, base ?? undefined));
  } catch {
    return null;
  }
}

function changeUrl(href: string, part: string, value: string): string | null {
  try {
    const url = new URL(href);
    if (urlParts.includes(part)) Object.assign(url, { [part]: value });
    return partsOf(url);
  } catch {
    return null;
  }
}

function partsOf(url: URL): string {
  const part = (name: string): unknown => Reflect.get(url, name);
  return JSON.stringify(Object.fromEntries([...urlParts, 'origin'].map((name) => [name, part(name)])));
}

function formatQuery(pairs: string): string | null {
  try {
    return new URLSearchParams(JSON.parse(pairs)).toString();
  } catch {
    return null;
  }
}

function decode(bytes: Uint8Array, fatal: Primitive | undefined, ignoreBOM: Primitive | undefined): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: fatal === true, ignoreBOM: ignoreBOM === true }).decode(bytes);
  } catch {
    return null;
  }
}

const digest = (hash: string, bytes: Uint8Array): Uint8Array =>
  createHash(hash.replace('-', '').toLowerCase()).update(bytes).digest();
