/** One request and its response over a connection of their own. */
import { isUtf8 } from 'node:buffer';
import type { Socket } from 'node:net';
import { type buildConnector, Client, errors } from 'undici';
import { EgressError, egressError } from './egress-error.js';
import type { EgressLimits } from './egress-limits.js';
import type { Method } from './egress-request.js';
import type { Header } from './header-rules.js';
import { contentEncodingOf, readBody } from './response-body.js';

/** A request with every value in its place. */
export interface Hop {
  readonly method: Method;
  readonly url: URL;
  readonly headers: readonly Header[];
  readonly body: Buffer | null;
}

export interface ResponseHead {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly Header[];
}

/**
 * Ends with the connection. An abort of it, from outside, is an error of the exchange.
 *
 * @param wantsBody says after the head whether the body is read; null stands for one that was not.
 */
export async function exchange(
  hop: Hop,
  socket: Socket,
  limits: EgressLimits,
  wantsBody: (head: ResponseHead) => boolean,
): Promise<{ readonly head: ResponseHead; readonly body: Uint8Array | null }> {
  const client = new Client(hop.url.origin, {
    connect: handOver(socket),
    maxHeaderSize: limits.responseHeaderBytes,
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  try {
    const response = await client.request({
      method: hop.method,
      path: `${hop.url.pathname}${hop.url.search}`,
      headers: hop.headers.flat(),
      body: hop.body,
      reset: true,
      responseHeaders: 'raw',
    });
    // Raw headers are a flat list of names and values, which undici's types do not say.
    const { statusCode: status, statusText, body } = response;
    const head = { status, statusText, headers: pairs(response.headers as unknown as readonly string[]) };
    if (!wantsBody(head)) return { head, body: null };
    return { head, body: await readBody(body, contentEncodingOf(head.headers), limits.responseBodyBytes) };
  } catch (error) {
    throw error instanceof EgressError ? error : failure(error);
  } finally {
    await client.destroy();
  }
}

/**
 * Gives undici the connection that stands, for it may not make another, unchecked one. About one that has ended it would ask again
 * and again, unless it is told by an error that is not its own.
 */
const handOver =
  (socket: Socket): buildConnector.connector =>
  (_options, callback) => {
    setImmediate(() =>
      socket.destroyed ? callback(new Error('The connection is gone.'), null) : callback(null, socket),
    );
  };

function pairs(flat: readonly string[]): Header[] {
  const headers: Header[] = [];
  for (let index = 0; index < flat.length; index += 2) headers.push([flat[index] ?? '', textOf(flat[index + 1] ?? '')]);
  return headers;
}

/**
 * A value comes with one character for each octet. What is UTF-8 was meant as such, and is searched for values as the text that it
 * is: of its octets one by one, a value that is more than ASCII would only be known as it stands.
 */
function textOf(value: string): string {
  const octets = Buffer.from(value, 'latin1');
  return isUtf8(octets) ? octets.toString('utf8') : value;
}

/** By the kind of undici's error. Its message and its fields have parts of the response in them and go nowhere. */
function failure(error: unknown): EgressError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') {
    return egressError('RESPONSE_HEADERS_TOO_LARGE', "The response's headers are larger than the limit.");
  }
  if (error instanceof errors.HTTPParserError || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') {
    return egressError('RESPONSE_INVALID', 'The response is not one of HTTP/1.1.');
  }
  return egressError('CONNECTION_LOST', 'The connection ended before the whole response had come.');
}
