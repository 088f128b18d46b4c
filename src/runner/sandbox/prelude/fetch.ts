/** fetch, Request and Response, whose bodies are whole texts or bytes: nothing is streamed. */
import { AbortSignal } from './abort.js';
import { contentOf } from './crypto.js';
import { defineGlobals, door, parse, stringify } from './door.js';
import { type Bytes, bytesOf, encodeUtf8, isBytes } from './encoding.js';
import { Headers, type HeadersInit } from './headers.js';
import { callHost } from './host-calls.js';
import { URL, URLSearchParams } from './url.js';

type BodyInit = string | Bytes | URLSearchParams | null;

/** Given by the classes, so that code cannot reach what they keep. */
let contentIn: (body: Body) => string | Uint8Array | null;
let received: (reply: Reply) => Response;

/** What both messages have: a body that can be read once. */
class Body {
  readonly headers: Headers;
  #content: string | Uint8Array | null;
  #isUsed = false;

  constructor(body: BodyInit | undefined, headers: HeadersInit | undefined) {
    this.headers = new Headers(headers);
    this.#content = contentFrom(body ?? null);
    const type = typeOf(body ?? null);
    if (type !== null && !this.headers.has('content-type')) this.headers.set('content-type', type);
  }

  get bodyUsed(): boolean {
    return this.#isUsed;
  }

  async bytes(): Promise<Uint8Array> {
    const content = this.#take();
    return typeof content === 'string' ? encodeUtf8(content) : new Uint8Array(content ?? []);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer as ArrayBuffer;
  }

  async text(): Promise<string> {
    const content = this.#take();
    return typeof content === 'string' ? content : (door.decodeUtf8(content ?? new Uint8Array(), false, false) ?? '');
  }

  async json(): Promise<unknown> {
    return parse(await this.text());
  }

  static {
    contentIn = (body) => body.#content;
  }

  protected mustBeUnused(): void {
    if (this.#isUsed) throw new TypeError('The body has been read.');
  }

  #take(): string | Uint8Array | null {
    this.mustBeUnused();
    this.#isUsed = this.#content !== null;
    return this.#content;
  }
}

function contentFrom(body: BodyInit): string | Uint8Array | null {
  if (body === null || typeof body === 'string') return body;
  if (body instanceof URLSearchParams) return body.toString();
  if (isBytes(body)) return bytesOf(body).slice();
  throw new TypeError('A body must be text, bytes or URLSearchParams; JSON.stringify makes text of an object.');
}

function typeOf(body: BodyInit): string | null {
  if (typeof body === 'string') return 'text/plain;charset=UTF-8';
  return body instanceof URLSearchParams ? 'application/x-www-form-urlencoded;charset=UTF-8' : null;
}

interface RequestInit {
  readonly method?: string;
  readonly headers?: HeadersInit;
  readonly body?: BodyInit;
  readonly redirect?: 'follow' | 'manual' | 'error';
  readonly signal?: AbortSignal | null;
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const redirects = ['follow', 'manual', 'error'];

class Request extends Body {
  readonly url: string;
  readonly method: string;
  readonly redirect: 'follow' | 'manual' | 'error';
  readonly signal: AbortSignal;

  constructor(input: unknown, init: RequestInit = {}) {
    const from = input instanceof Request ? input : null;
    from?.mustBeUnused();
    super(init.body ?? (from === null ? null : contentIn(from)), init.headers ?? from?.headers);
    this.url = from?.url ?? new URL(input).href;
    this.method = String(init.method ?? from?.method ?? 'GET').toUpperCase();
    this.redirect = init.redirect ?? from?.redirect ?? 'follow';
    this.signal = init.signal ?? from?.signal ?? new AbortSignal();
    if (!methods.includes(this.method)) throw new TypeError(`method must be one of ${methods.join(', ')}.`);
    if (!redirects.includes(this.redirect)) throw new TypeError(`redirect must be one of ${redirects.join(', ')}.`);
    if (contentIn(this) !== null && (this.method === 'GET' || this.method === 'HEAD')) {
      throw new TypeError(`A ${this.method} request has no body.`);
    }
  }

  clone(): Request {
    return new Request(this);
  }
}

interface ResponseInit {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: HeadersInit;
}

class Response extends Body {
  readonly status: number;
  readonly statusText: string;
  readonly type = 'default';
  #url = '';
  #isRedirected = false;

  constructor(body: BodyInit = null, init: ResponseInit = {}) {
    super(body, init.headers);
    this.status = init.status ?? 200;
    this.statusText = String(init.statusText ?? '');
  }

  static json(value: unknown, init: ResponseInit = {}): Response {
    const response = new Response(stringify(value), init);
    if (!new Headers(init.headers).has('content-type')) response.headers.set('content-type', 'application/json');
    return response;
  }

  static {
    received = (reply) => {
      const { status, statusText, headers } = reply;
      const response = new Response(door.fromBase64(reply.bodyBase64), { status, statusText, headers });
      response.#url = reply.url;
      response.#isRedirected = reply.redirected;
      return response;
    };
  }

  get ok(): boolean {
    return this.status >= 200 && this.status <= 299;
  }

  get url(): string {
    return this.#url;
  }

  get redirected(): boolean {
    return this.#isRedirected;
  }

  clone(): Response {
    this.mustBeUnused();
    const { status, statusText, headers } = this;
    const copy = new Response(contentIn(this), { status, statusText, headers });
    copy.#url = this.#url;
    copy.#isRedirected = this.#isRedirected;
    return copy;
  }
}

interface Reply extends Required<ResponseInit> {
  readonly url: string;
  readonly redirected: boolean;
  readonly bodyBase64: string;
}

async function fetch(input: unknown, init: RequestInit = {}): Promise<Response> {
  const request = new Request(input, init);
  const { url, method, redirect, signal } = request;
  signal.throwIfAborted();
  const content = contentIn(request);
  const body = content === null ? null : contentOf(content);
  const call = callHost('fetch', { url, method, headers: [...request.headers], body, redirect });
  let stopListening = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    const abort = (): void => {
      call.abandon();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort);
    stopListening = () => signal.removeEventListener('abort', abort);
  });
  const reply = await Promise.race([call.reply, aborted]).finally(stopListening);
  return received(reply as Reply);
}

defineGlobals({ fetch, Request, Response });
