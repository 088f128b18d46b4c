/** What is read of a request: who asks, its keys and types, its body. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../authentication/authenticate.js';
import { ApiError, badInput } from '../errors.js';
import { graphqlResponseType } from './format-error.js';

/** An error whose HTTP status says more than its code does. */
export class Refusal extends ApiError {
  constructor(
    readonly status: number,
    { code, message }: ApiError,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(code, message);
  }
}

export const badRequest = (message: string): ApiError => new ApiError('BAD_USER_INPUT', message);

export const jsonType = 'application/json';

export function requestIdOf({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : randomUUID();
}

export function credentialsOf({ headers }: IncomingMessage): Credentials {
  const organization = headers['nightsafe-organization'];
  // Sent twice, the values arrive joined by a comma, which no slug has.
  return { authorization: headers.authorization, organization: organization?.toString() };
}

export function idempotencyKeyOf({ headers }: IncomingMessage): string | undefined {
  const key = headers['idempotency-key'];
  if (key === undefined || (typeof key === 'string' && /^[\x21-\x7e]{1,128}$/.test(key))) return key;
  throw badInput({ field: 'Idempotency-Key', message: 'must be 1 to 128 visible ASCII characters' });
}

const responseTypes: ReadonlyMap<string, string> = new Map([
  [jsonType, jsonType],
  [graphqlResponseType, graphqlResponseType],
  ['application/*', jsonType],
  ['*/*', jsonType],
]);

/** The content type that the caller likes best; null when it accepts none. Decided before a mutation is executed. */
export function negotiate(accept: string | undefined): string | null {
  if (accept === undefined) return jsonType;
  let best: string | null = null;
  let bestQuality = 0;
  for (const range of accept.toLowerCase().split(',')) {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim());
    const type = responseTypes.get(name);
    const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
    if (type === undefined || !(quality > bestQuality)) continue;
    best = type;
    bestQuality = quality;
  }
  return best;
}

export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const { 'content-type': type = '', 'content-encoding': encoding = 'identity' } = request.headers;
  if (!/^application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?$/i.test(type) || encoding !== 'identity') {
    throw new Refusal(415, badRequest(`The request body must be ${jsonType} in UTF-8, not compressed.`));
  }
  const body = await readBody(request, maxBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw badRequest('The request body is not JSON in UTF-8.');
  }
}

/** At most `maxBytes` are held. What comes after them is read and dropped by Node.js, so that the caller sees the refusal. */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const tooLarge = () => new ApiError('PAYLOAD_TOO_LARGE', `The request body is larger than ${maxBytes} bytes.`);
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Whether the caller takes server-sent events. */
export const acceptsEvents = ({ headers: { accept = '*/*' } }: IncomingMessage): boolean =>
  accept.split(',').some((range) => /^\s*(?:text\/event-stream|text\/\*|\*\/\*)\s*(?:;|$)/i.test(range));
