/** Arguments of host calls as they come from the sandbox, which may send anything. */
import type { JsonValue } from '../modules/run/run-input.js';
import { type Method, methods } from './egress/egress-request.js';
import { HostCallError } from './sandbox/host-call.js';

type Fields = { readonly [name: string]: JsonValue };

const wrong = (message: string): HostCallError => new HostCallError('TypeError', message);

function fieldsOf(call: string, argument: JsonValue): Fields {
  if (argument === null || typeof argument !== 'object' || Array.isArray(argument))
    throw wrong(`${call}: takes an object`);
  return argument as Fields;
}

function text(call: string, fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw wrong(`${call}: ${name} must be text`);
  return value;
}

function oneOf<Choice extends string>(call: string, fields: Fields, name: string, choices: readonly Choice[]): Choice {
  const value = fields[name];
  const choice = choices.find((one) => one === value);
  if (choice === undefined) throw wrong(`${call}: ${name} must be one of ${choices.join(', ')}`);
  return choice;
}

export interface FetchArgument {
  readonly url: string;
  readonly method: Method;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: null | { readonly text: string } | { readonly bytes: Uint8Array };
  readonly redirect: 'follow' | 'manual' | 'error';
}

export function readFetch(argument: JsonValue): FetchArgument {
  const fields = fieldsOf('fetch', argument);
  const headers = fields.headers ?? [];
  if (!Array.isArray(headers) || !headers.every(isPair)) throw wrong('fetch: headers must be pairs of text');
  return {
    url: text('fetch', fields, 'url'),
    method: oneOf('fetch', fields, 'method', methods),
    headers,
    body: bodyOf(fields.body ?? null),
    redirect: oneOf('fetch', { redirect: 'follow', ...fields }, 'redirect', ['follow', 'manual', 'error']),
  };
}

const isPair = (value: JsonValue): value is readonly [string, string] =>
  Array.isArray(value) && value.length === 2 && value.every((element) => typeof element === 'string');

function bodyOf(body: JsonValue): FetchArgument['body'] {
  if (body === null) return null;
  const fields = fieldsOf('fetch', body);
  if (typeof fields.base64 === 'string') return { bytes: Buffer.from(fields.base64, 'base64') };
  return { text: text('fetch', fields, 'text') };
}

const hashes = { 'SHA-1': 'sha1', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' } as const;

export function readHmac(argument: JsonValue): {
  readonly key: string;
  readonly data: Uint8Array;
  readonly hash: (typeof hashes)[keyof typeof hashes];
  readonly encoding: 'hex' | 'base64' | 'base64url';
} {
  const fields: Fields = { hash: 'SHA-256', encoding: 'hex', ...fieldsOf('crypto.hmac', argument) };
  const names = Object.keys(hashes) as (keyof typeof hashes)[];
  return {
    key: text('crypto.hmac', fields, 'key'),
    data: bytesOf(fields),
    hash: hashes[oneOf('crypto.hmac', fields, 'hash', names)],
    encoding: oneOf('crypto.hmac', fields, 'encoding', ['hex', 'base64', 'base64url']),
  };
}

function bytesOf({ data = null }: Fields): Uint8Array {
  const content = fieldsOf('crypto.hmac', data);
  if (typeof content.base64 === 'string') return Buffer.from(content.base64, 'base64');
  return Buffer.from(text('crypto.hmac', content, 'text'), 'utf8');
}

/** RFC 7518, section 3.1, without `none`. */
export const jwtAlgorithms = [
  'HS256',
  'HS384',
  'HS512',
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const;

/** Bytes as JSON: a token is looked for in everything that the run leaves. Certificates (`x5c`) fit into a header. */
const longestClaims = { header: 4096, payload: 8192 } as const;

export interface JwtClaims {
  readonly algorithm: (typeof jwtAlgorithms)[number];
  readonly header: Fields;
  readonly payload: Fields;
  /** Seconds from now until `exp`; null for a token that says itself when it ends, or never does. */
  readonly expiresIn: number | null;
}

export function readJwt(argument: JsonValue): JwtClaims & { readonly key: string } {
  const fields = fieldsOf('jwt.sign', argument);
  const expiresIn = fields.expiresIn ?? null;
  if (expiresIn !== null && !(typeof expiresIn === 'number' && Number.isFinite(expiresIn) && expiresIn > 0)) {
    throw wrong('jwt.sign: expiresIn must be a number of seconds above 0');
  }
  return {
    key: text('jwt.sign', fields, 'key'),
    algorithm: oneOf('jwt.sign', fields, 'algorithm', jwtAlgorithms),
    header: claims(fields, 'header'),
    payload: claims(fields, 'payload'),
    expiresIn,
  };
}

function claims(fields: Fields, name: keyof typeof longestClaims): Fields {
  const value = fieldsOf('jwt.sign', fields[name] ?? {});
  const longest = longestClaims[name];
  if (Buffer.byteLength(JSON.stringify(value)) > longest) {
    throw wrong(`jwt.sign: ${name} may have ${longest / 1024} KiB as JSON`);
  }
  return value;
}

export function readBasicAuth(argument: JsonValue): { readonly user: string; readonly password: string } {
  const fields = fieldsOf('basicAuth', argument);
  return { user: text('basicAuth', fields, 'user'), password: text('basicAuth', fields, 'password') };
}
