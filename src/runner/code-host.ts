/**
 * What code may ask of the runner. It names keys by placeholders: requests get their values in the egress door, and MACs and tokens are
 * made here, so the sandbox never holds a value.
 */
import { createHmac } from 'node:crypto';
import type { SecretKeyId } from '../ids.js';
import type { JsonValue } from '../modules/run/run-input.js';
import type { SecretUseKind } from '../modules/secret-key/secret-key.entity.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import { base64Values } from './base64-values.js';
import { type FetchArgument, readBasicAuth, readFetch, readHmac, readJwt } from './code-host-arguments.js';
import { partsOf } from './egress/check-request.js';
import type { EgressDoor } from './egress/egress-door.js';
import { EgressError } from './egress/egress-error.js';
import type { EgressBody, EgressRequest, EgressResponse, Part, PlainPart } from './egress/egress-request.js';
import { keysIn, lend } from './egress/parts.js';
import { signJwt } from './json-web-token.js';
import type { SecretValue } from './redaction/redactor.js';
import type { RunSecrets } from './run-secrets.js';
import { type FetchReply, type HostCall, HostCallError } from './sandbox/host-call.js';
import type { Placeholders } from './sandbox/placeholders.js';
import type { StepSurroundings } from './step-surroundings.js';

/** A MAC made with a shorter value lets it be guessed. */
export const shortestValue = 8;

export interface CodeHostSurroundings extends StepSurroundings {
  readonly door: EgressDoor;
  readonly secrets: RunSecrets;
  readonly placeholders: Placeholders;
  readonly step: StepDefinition;
  /** Where alone requests may go; null when every key's own hosts decide. */
  readonly restrictHosts: readonly string[] | null;
}

export class CodeHost {
  constructor(private readonly surroundings: CodeHostSurroundings) {}

  /** Rejects with a HostCallError, which the code sees as an error of its own. `ended`: the code waits no longer. */
  async call({ name, argument }: HostCall, ended: AbortSignal): Promise<JsonValue> {
    switch (name) {
      case 'fetch':
        return this.#fetch(argument, ended);
      case 'hmac':
        return this.#hmac(argument);
      case 'jwt':
        return this.#jwt(argument);
      case 'basicAuth':
        return this.#basicAuth(argument);
    }
  }

  async #fetch(argument: JsonValue, ended: AbortSignal): Promise<JsonValue> {
    const { door, keys, placeholders, beginToSend, step, signal, restrictHosts } = this.surroundings;
    const { url, method, headers, body, redirect } = readFetch(argument);
    const split = (text: string): readonly Part[] => placeholders.split(text);
    const request: EgressRequest = {
      method,
      url: split(url),
      query: [],
      headers: headers.map(([name, value]) => ({ name: split(name), value: split(value) })),
      body: bodyOf(body, split),
      timeoutMs: step.timeoutSeconds * 1000,
      redirect,
    };
    try {
      door.mustFit(request, keys);
      this.#noteBase64(request);
      const response = await door.send(request, keys, {
        signal: AbortSignal.any([signal, ended]),
        onSending: beginToSend,
        ...(restrictHosts === null ? {} : { restrictHosts }),
      });
      return this.#redacted(response);
    } catch (error) {
      if (error instanceof EgressError) throw new HostCallError('TypeError', `fetch failed: ${error.message}`);
      throw error;
    }
  }

  /** What the code sees of an answer: a value that a server sends back does not get into the sandbox. */
  #redacted(response: EgressResponse): JsonValue {
    const redactor = this.surroundings.secrets.redactor();
    const place = { kind: 'output', path: '$' } as const;
    const stream = redactor.stream(place);
    const bytes = Buffer.concat([stream.push(response.body), stream.end({ truncated: false })]);
    const text = bytes.toString('utf8');
    const isText = Buffer.compare(Buffer.from(text, 'utf8'), bytes) === 0;
    const body = isText ? Buffer.from(redactor.text(text, place), 'utf8') : bytes;
    return {
      status: response.status,
      statusText: redactor.text(response.statusText, place),
      headers: response.headers.map(
        ([name, value]) => [redactor.text(name, place), redactor.text(value, place)] as const,
      ),
      url: redactor.text(response.url, { kind: 'url' }),
      redirected: response.redirects.length > 0,
      bodyBase64: body.toString('base64'),
    } satisfies FetchReply;
  }

  #hmac(argument: JsonValue): JsonValue {
    const { key, data, hash, encoding } = readHmac(argument);
    const parts = this.#partsFor('HMAC', key);
    const mac = lend(parts, this.surroundings.keys, (bytes) => {
      // HMAC fills a key with zeros up to its block (RFC 2104): a MAC that stays the same behind some more would tell the value's length.
      if (bytes.includes(0)) throw new HostCallError('TypeError', 'crypto.hmac: the key has a NUL character in it');
      return createHmac(hash, bytes).update(data).digest();
    });
    this.#note(keysIn(parts).map((secretKeyId) => ({ secretKeyId, bytes: Uint8Array.from(mac), origin: 'hmac' })));
    return mac.toString(encoding);
  }

  async #jwt(argument: JsonValue): Promise<JsonValue> {
    const { key, ...claims } = readJwt(argument);
    const parts = this.#partsFor('JWT', key);
    const [part] = parts;
    // With text around a value an author could write a private key that has the value as one of its numbers, and compute it from signatures.
    if (part === undefined || !('secretKeyId' in part) || parts.length > 1) {
      throw new HostCallError(
        'TypeError',
        'jwt.sign: the key must be the placeholder of a key, with nothing around it',
      );
    }
    // Signing is asynchronous, so it gets a copy, which it fills with zero.
    const bytes = lend(parts, this.surroundings.keys, (lent) => Uint8Array.from(lent));
    const token = await signJwt(bytes, claims).catch(() => {
      throw new HostCallError('TypeError', 'jwt.sign: the key does not fit the algorithm');
    });
    this.#note([{ secretKeyId: part.secretKeyId, bytes: Buffer.from(token, 'utf8'), origin: 'jwt' }]);
    return token;
  }

  /** Credentials as a derived placeholder. */
  #basicAuth(argument: JsonValue): JsonValue {
    const { user, password } = readBasicAuth(argument);
    const credentials = `${user}:${password}`;
    this.#partsFor('BASIC_AUTH', credentials);
    return `Basic ${this.surroundings.placeholders.base64(credentials)}`;
  }

  #partsFor(use: SecretUseKind, text: string): readonly PlainPart[] {
    const parts = this.surroundings.placeholders.split(text);
    for (const id of keysIn(parts)) this.#mustAllow(use, id);
    return parts.map((part) => {
      if (!('base64Of' in part)) return part;
      throw new HostCallError('TypeError', `the base64 of a key cannot be used for ${use}`);
    });
  }

  /**
   * Basic credentials are base64 of a key; whether code made them with `btoa` or with `basicAuth`, and where it put them, makes no
   * difference.
   */
  #noteBase64(request: EgressRequest): void {
    const derived = partsOf(request).filter((part) => 'base64Of' in part);
    for (const id of keysIn(derived)) this.#mustAllow('BASIC_AUTH', id);
    this.#note(base64Values(derived, this.surroundings.keys));
  }

  /** Has what was made of values masked in what the run leaves; only then it may go anywhere. */
  #note(made: readonly SecretValue[]): void {
    if (made.every((value) => this.surroundings.secrets.addMade(value))) return;
    throw new HostCallError('LimitError', 'The run has had as many MACs, tokens and base64 of keys made as it may.');
  }

  #mustAllow(use: SecretUseKind, id: SecretKeyId): void {
    const key = this.surroundings.keys.get(id);
    if (key === undefined || !key.uses.includes(use)) {
      throw new HostCallError('TypeError', `the key is not meant for ${use}: who manages it can allow that`);
    }
    const isShort = key.value.use((bytes) => bytes.length < shortestValue);
    if (isShort && (use === 'HMAC' || use === 'JWT')) {
      throw new HostCallError('TypeError', `the value of the key is too short for ${use}: it could be guessed`);
    }
  }
}

function bodyOf(body: FetchArgument['body'], split: (text: string) => readonly Part[]): EgressBody | null {
  if (body === null) return null;
  return 'bytes' in body ? { kind: 'bytes', bytes: body.bytes } : { kind: 'text', parts: split(body.text) };
}
