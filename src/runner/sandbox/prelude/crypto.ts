/** `crypto`, `jwt` and `basicAuth`. What needs a key is done by the runner, which knows what its placeholder stands for. */
import { defineGlobals, door } from './door.js';
import { type Bytes, bytesOf, isBytes } from './encoding.js';
import { callHost } from './host-calls.js';

const hashes = ['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'];
const encodings = ['hex', 'base64', 'base64url'];
const mostRandomBytes = 65_536;

/** Text or bytes, as the runner takes them. */
export const contentOf = (value: string | Bytes): { text: string } | { base64: string } =>
  typeof value === 'string' ? { text: value } : { base64: door.toBase64(bytesOf(value)) };

function hashName(algorithm: unknown): string {
  const name = typeof algorithm === 'object' && algorithm !== null ? Reflect.get(algorithm, 'name') : algorithm;
  const known = hashes.find((hash) => hash === String(name).toUpperCase());
  if (known === undefined) throw new DOMException(`The hash must be one of ${hashes.join(', ')}.`, 'NotSupportedError');
  return known;
}

const subtle = {
  async digest(algorithm: unknown, data: Bytes): Promise<ArrayBuffer> {
    const bytes = door.digest(hashName(algorithm), bytesOf(data));
    if (bytes === null) throw new DOMException('The digest could not be computed.', 'OperationError');
    return bytes.buffer;
  },
};

function getRandomValues<View extends ArrayBufferView>(view: View): View {
  if (!ArrayBuffer.isView(view) || view instanceof DataView) throw new TypeError('Random values need a typed array.');
  if (view.byteLength > mostRandomBytes) {
    throw new DOMException(`At most ${mostRandomBytes} bytes at a time.`, 'QuotaExceededError');
  }
  bytesOf(view).set(door.randomBytes(view.byteLength));
  return view;
}

/** A UUID of version 4 (RFC 9562, section 5.4). */
function randomUUID(): string {
  const bytes = Array.from(door.randomBytes(16), (byte, index) => {
    if (index === 6) return (byte & 0x0f) | 0x40;
    return index === 8 ? (byte & 0x3f) | 0x80 : byte;
  });
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

interface HmacInput {
  readonly key: string;
  readonly data: string | Bytes;
  readonly hash?: string;
  readonly encoding?: string;
}

async function hmac({ key, data, hash = 'SHA-256', encoding = 'hex' }: HmacInput): Promise<unknown> {
  mustBeText('key', key);
  if (typeof data !== 'string' && !isBytes(data)) throw new TypeError('data must be text or bytes.');
  if (!encodings.includes(encoding)) throw new TypeError(`encoding must be one of ${encodings.join(', ')}.`);
  return callHost('hmac', { key, data: contentOf(data), hash: hashName(hash), encoding }).reply;
}

interface SignInput {
  readonly key: string;
  readonly algorithm: string;
  readonly header?: object;
  readonly payload: object;
  /** In seconds. */
  readonly expiresIn?: number;
}

async function sign({ key, algorithm, header = {}, payload, expiresIn }: SignInput): Promise<unknown> {
  mustBeText('key', key);
  mustBeText('algorithm', algorithm);
  if (typeof payload !== 'object' || payload === null) throw new TypeError('payload must be an object.');
  if (expiresIn !== undefined && !Number.isFinite(expiresIn))
    throw new TypeError('expiresIn must be a number of seconds.');
  return callHost('jwt', { key, algorithm, header, payload, expiresIn: expiresIn ?? null }).reply;
}

async function basicAuth(user: unknown, password: unknown): Promise<unknown> {
  return callHost('basicAuth', { user: mustBeText('user', user), password: mustBeText('password', password) }).reply;
}

function mustBeText(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(`${name} must be text.`);
  return value;
}

/** Every run starts from the same state of the engine, and with it of the engine's own generator: so this one takes its place. */
let pool = new Uint32Array(0);
let next = 0;

function random(): number {
  if (next + 2 > pool.length) {
    pool = new Uint32Array(door.randomBytes(1024).buffer);
    next = 0;
  }
  const [high = 0, low = 0] = pool.subarray(next, next + 2);
  next += 2;
  return ((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53;
}

Object.defineProperty(Math, 'random', { value: random, writable: true, configurable: true });
defineGlobals({ crypto: { subtle, getRandomValues, randomUUID, hmac }, jwt: { sign }, basicAuth });
