/**
 * The HTTP face of the API, on bare `node:http`.
 *
 *   POST /graphql         one query or mutation as JSON, for a bearer token
 *   POST /graphql/stream  one subscription as JSON, for a bearer token; answered by server-sent events
 *   GET  /graphql         the playground, for a browser; its files are under /playground/
 *   GET  /healthz         200 while the process runs
 *   GET  /readyz          200 when it can serve, 503 otherwise, with what it waits for
 *
 * A token is checked before the body is read, and whom it stands for after. Neither the token nor any other header but the negotiated content type
 * goes further than this file. Lines of the log name a route, never the path or the query string that was asked for.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ApolloServer, type BaseContext, HeaderMap } from '@apollo/server';
import type { Credentials } from '../authentication/authenticate.js';
import { type ErrorCode, notFound } from '../errors.js';
import type { Logger } from '../log.js';
import type { Principal } from '../principal.js';
import { defaultStreamLimits, EventStreams, eventStreamHeaders, type StreamLimits } from './event-streams.js';
import { graphqlResponseType, httpStatusOf, maskError, type RequestScope } from './format-error.js';
import {
  acceptsEvents,
  badRequest,
  credentialsOf,
  idempotencyKeyOf,
  jsonType,
  negotiate,
  Refusal,
  readJson,
  requestIdOf,
} from './http-request.js';
import { listPlayground, playgroundHeaders } from './playground.js';
import { type Subscription, type SubscriptionScope, subscriptionMessages } from './subscriptions.js';

/** Room for the largest code, 256 KiB, with what JSON escapes in it, and for a long document; so there is for any value, 64 KiB. */
export const defaultMaxBodyBytes = 512 * 1024;

/** How long `close` waits for requests in flight, in milliseconds. */
const longestDrain = 10_000;

export interface HttpServerOptions<Context extends BaseContext> {
  /** Already started, and built with `safeApolloOptions`. */
  readonly apollo: ApolloServer<Context>;
  /** Throws `ApiError` UNAUTHENTICATED for a token that nobody issued. Asked before anything of the body is read. */
  admit(credentials: Credentials): Promise<void>;
  /** Who asks, by what holds now. Throws `ApiError` UNAUTHENTICATED. */
  authenticate(credentials: Credentials): Promise<Principal>;
  contextFor(request: RequestContextInput): Context;
  /** What the process needs, and 'ok' or a short text for each. Anyone may read the texts. */
  readiness(): Promise<Record<string, 'ok' | string>>;
  /** What /readyz tells besides, which keeps nobody from being served. Anyone may read it. */
  about?(): Readonly<Record<string, string>>;
  /** Its `index.html` is the playground. The files are listed once, at the start. */
  readonly playground: { readonly directory: string } | null;
  readonly maxBodyBytes: number;
  readonly streamLimits?: StreamLimits;
  readonly log: Logger;
}

export interface RequestContextInput extends SubscriptionScope {
  readonly principal: Principal;
  /** 1 to 128 visible ASCII characters. */
  readonly idempotencyKey: string | undefined;
}

export interface NightsafeServer {
  /** Port 0 takes a free one. */
  listen(port: number, host: string): Promise<{ port: number }>;
  /** Stops accepting, finishes what is in flight for at most ten seconds, and closes every connection. */
  close(): Promise<void>;
}

export function createNightsafeServer<Context extends BaseContext>(
  options: HttpServerOptions<Context>,
): NightsafeServer {
  const files = options.playground && listPlayground(options.playground.directory);
  const streams = new EventStreams(options.streamLimits ?? defaultStreamLimits);
  let isClosing = false;

  const server = createServer(
    {
      headersTimeout: 10_000, // a client that has not sent its headers by then is slow on purpose
      requestTimeout: 30_000, // and so is one that takes longer for 512 KiB of body
      connectionsCheckingInterval: 5_000, // how late both may strike
      keepAliveTimeout: 65_000, // longer than the 60 seconds that balancers keep a connection, so that they close it first
    },
    (request, response) => void answer(request, response),
  );

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const requestId = requestIdOf(request);
    const log = options.log.child({ requestId });
    const route = routeOf(request);
    response.once('close', () => {
      const isHealthCheck = route === '/healthz' || route === '/readyz';
      const durationMs = Math.round(performance.now() - startedAt);
      const outcome = response.writableFinished ? { status: response.statusCode } : { aborted: true };
      log[isHealthCheck ? 'debug' : 'info']({ method: request.method, path: route, ...outcome, durationMs }, 'request');
    });
    const reply = await replyTo(route, request, response, { requestId, log }).catch((error: unknown) =>
      request.socket.destroyed ? null : errorReply(error, request, { requestId, log }),
    );
    if (reply === null) return;
    const headers = {
      ...reply.headers,
      'x-request-id': requestId,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(isClosing && { connection: 'close' }),
    };
    if ('messages' in reply) {
      response.writeHead(200, headers);
      await streams.send(response, reply.messages, reply.signal);
    } else {
      const body = Buffer.from(reply.body);
      response.writeHead(reply.status, { ...headers, 'content-length': body.length });
      response.end(request.method === 'HEAD' ? undefined : body);
    }
  }

  async function replyTo(
    route: Route,
    request: IncomingMessage,
    response: ServerResponse,
    scope: RequestScope,
  ): Promise<Reply | StreamReply> {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    switch (route) {
      case '/graphql':
        if (request.method === 'POST') return execute(request, scope);
        if (isRead && request.headers.accept?.includes('text/html')) return playgroundFile('/playground/index.html');
        throw new Refusal(405, badRequest('Operations are sent by POST.'), { allow: 'POST' });
      case '/graphql/stream':
        if (request.method === 'POST') return follow(request, response, scope);
        throw new Refusal(405, badRequest('Operations are sent by POST.'), { allow: 'POST' });
      case '/playground/':
        if (isRead) return playgroundFile(pathOf(request));
        throw new Refusal(405, badRequest('Only GET is answered here.'), { allow: 'GET, HEAD' });
      case '/healthz':
      case '/readyz': {
        if (!isRead) throw new Refusal(405, badRequest('Only GET is answered here.'), { allow: 'GET, HEAD' });
        const checks = route === '/readyz' ? await options.readiness() : {};
        const isReady = Object.values(checks).every((check) => check === 'ok');
        const about = route === '/readyz' ? options.about?.() : {};
        return json(isReady ? 200 : 503, { status: isReady ? 'ok' : 'unavailable', checks, ...about });
      }
      case 'unknown':
        throw notFound();
    }
  }

  async function execute(request: IncomingMessage, scope: RequestScope): Promise<Reply> {
    const credentials = credentialsOf(request);
    await options.admit(credentials);
    const accept = negotiate(request.headers.accept);
    if (accept === null) throw new Refusal(406, badRequest(`Responses are ${jsonType} or ${graphqlResponseType}.`));
    const idempotencyKey = idempotencyKeyOf(request);
    const body = await readJson(request, options.maxBodyBytes);
    // Only now: a body may take its time, and rights that were lost meanwhile are lost.
    const principal = await options.authenticate(credentials);
    return operate(body, accept, { ...scope, principal, idempotencyKey, subscription: null });
  }

  async function follow(request: IncomingMessage, response: ServerResponse, scope: RequestScope): Promise<StreamReply> {
    const credentials = credentialsOf(request);
    await options.admit(credentials);
    if (!acceptsEvents(request)) throw new Refusal(406, badRequest('Responses are text/event-stream.'));
    const body = await readJson(request, options.maxBodyBytes);
    const { id } = await options.authenticate(credentials);
    const subscription: Subscription = { events: null, signal: streams.open(id, response) };
    const answerOnce = async (): Promise<string> => {
      const principal = await options.authenticate(credentials);
      // Each answer names its fields in the log anew.
      const log = options.log.child({ requestId: scope.requestId });
      const context = { requestId: scope.requestId, log, principal, idempotencyKey: undefined, subscription };
      return (await operate(body, jsonType, context)).body;
    };
    return {
      headers: eventStreamHeaders,
      messages: subscriptionMessages(subscription, answerOnce, scope),
      signal: subscription.signal,
    };
  }

  /** One operation, or one answer of a subscription. */
  async function operate(
    body: unknown,
    accept: string,
    input: RequestContextInput,
  ): Promise<Reply & { readonly body: string }> {
    const contextValue = options.contextFor(input);
    const headers = new HeaderMap([
      ['content-type', jsonType],
      ['accept', accept],
    ]);
    const response = await options.apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method: 'POST', headers, search: '', body },
      context: async () => contextValue,
    });
    if (response.body.kind !== 'complete') throw new Error('incremental delivery is not part of the API');
    return {
      status: response.status ?? 200,
      headers: Object.fromEntries(response.headers),
      body: response.body.string,
    };
  }

  async function playgroundFile(path: string): Promise<Reply> {
    const file = files?.get(path);
    if (file === undefined) throw notFound();
    return {
      status: 200,
      headers: { ...playgroundHeaders, 'content-type': file.type },
      body: await readFile(file.path),
    };
  }

  return {
    listen: (port, host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve({ port: (server.address() as AddressInfo).port });
        });
      }),
    async close() {
      isClosing = true;
      streams.close();
      const deadline = setTimeout(() => server.closeAllConnections(), longestDrain);
      await new Promise((resolve) => server.close(resolve)); // closes idle connections too
      clearTimeout(deadline);
    },
  };
}

type Route = '/graphql' | '/graphql/stream' | '/playground/' | '/healthz' | '/readyz' | 'unknown';

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

interface StreamReply {
  readonly headers: Readonly<Record<string, string>>;
  readonly messages: AsyncIterable<string>;
  /** Aborted when nobody listens any more, or the process stops serving. */
  readonly signal: AbortSignal;
}

const json = (status: number, body: unknown, type = jsonType): Reply => ({
  status,
  headers: { 'content-type': `${type}; charset=utf-8` },
  body: `${JSON.stringify(body)}\n`,
});

function errorReply(error: unknown, request: IncomingMessage, scope: RequestScope): Reply {
  const masked = maskError(error, scope);
  const code = masked.extensions?.code as ErrorCode;
  const status = error instanceof Refusal ? error.status : httpStatusOf[code];
  const reply = json(status, { errors: [masked] }, negotiate(request.headers.accept) ?? jsonType);
  return {
    ...reply,
    headers: {
      ...reply.headers,
      ...(error instanceof Refusal && error.headers),
      ...(code === 'UNAUTHENTICATED' && { 'www-authenticate': 'Bearer' }),
    },
  };
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?', 1)[0] ?? '/';

function routeOf(request: IncomingMessage): Route {
  const path = pathOf(request);
  if (path === '/graphql' || path === '/graphql/stream' || path === '/healthz' || path === '/readyz') return path;
  return path.startsWith('/playground/') ? '/playground/' : 'unknown';
}
