/** Keys, requests and loopback servers for the egress tests. No value here was ever a real key. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createRawServer, type Server as RawServer, type Socket } from 'node:net';
import { expect } from 'chai';
import type { SecretKeyId } from '../../../src/ids.js';
import { EgressDoor, type EgressSettings } from '../../../src/runner/egress/egress-door.js';
import { EgressError, type EgressErrorCode } from '../../../src/runner/egress/egress-error.js';
import type {
  EgressKey,
  EgressRequest,
  EgressResponse,
  PlainPart,
  SendOptions,
} from '../../../src/runner/egress/egress-request.js';
import { OpenedValue } from '../../../src/vault/open.js';

export const canary = 'canary-1f0c9a-not-a-real-key';
export const keyId = '01900000-0000-7000-8000-00000000000a' as SecretKeyId;
export const otherKeyId = '01900000-0000-7000-8000-00000000000b' as SecretKeyId;
export const hostName = 'api.example.test';

export const text = (literal: string): PlainPart[] => [{ text: literal }];
export const hole: PlainPart = { secretKeyId: keyId };

/** `a{}b` with the key in the place of each `{}`. */
export const template = (literal: string): PlainPart[] =>
  literal.split('{}').flatMap((piece, index): PlainPart[] => (index === 0 ? text(piece) : [hole, { text: piece }]));

export function keysOf(
  terms: Partial<Omit<EgressKey, 'value'>> & { readonly value?: string | Uint8Array } = {},
): Map<SecretKeyId, EgressKey> {
  const { value = canary, ...rest } = terms;
  const key: EgressKey = {
    id: keyId,
    name: 'A key',
    allowedHosts: [],
    allowsAnyHost: false,
    placements: ['HEADER', 'QUERY', 'BODY'],
    value: new OpenedValue(Uint8Array.from(Buffer.from(value))),
    ...rest,
  };
  return new Map([[key.id, key]]);
}

export const requestTo = (url: string, rest: Partial<EgressRequest> = {}): EgressRequest => ({
  method: 'GET',
  url: template(url),
  query: [],
  headers: [],
  body: null,
  ...rest,
});

export const header = (name: string, value: string) => ({ name: template(name), value: template(value) });

export const options = (rest: Partial<SendOptions> = {}): SendOptions => ({
  signal: new AbortController().signal,
  onSending: async () => undefined,
  ...rest,
});

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly string[];
  readonly body: string;
}

const open = new Set<{ close(): void | Promise<void> }>();

/** Closes what a test has opened. For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const one of open) await one.close();
  open.clear();
}

export function openDoor(settings: EgressSettings = {}): EgressDoor {
  const door = new EgressDoor(settings);
  open.add(door);
  return door;
}

/** A door whose names all resolve to loopback, with one name let through on a port. */
export const doorTo = (port: number, settings: EgressSettings = {}): EgressDoor =>
  openDoor({ resolve: async () => ['127.0.0.1'], allowedPrivateHosts: [`${hostName}:${port}`], ...settings });

async function listen(server: Server | RawServer, host = '127.0.0.1'): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  open.add({
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return (server.address() as AddressInfo).port;
}

export type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** An HTTP server on loopback that keeps what it is sent. */
export async function serve(answer: Answer = (_, response) => response.end('ok'), server = createServer()) {
  const seen: Seen[] = [];
  const connections = { count: 0 };
  server.on('connection', () => {
    connections.count += 1;
  });
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.rawHeaders, body });
    answer(request, response, body);
  });
  const port = await listen(server);
  return { port, seen, connections, origin: `http://${hostName}:${port}` };
}

/** A TCP server on loopback that does with each connection what it is told, and keeps the bytes that come in. */
export async function serveRaw(onConnection: (socket: Socket) => void, host?: string) {
  const received: Buffer[] = [];
  const connections = { count: 0, closed: 0 };
  const port = await listen(
    createRawServer((socket) => {
      connections.count += 1;
      socket.on('data', (chunk) => received.push(chunk));
      socket.on('close', () => {
        connections.closed += 1;
      });
      onConnection(socket);
    }),
    host,
  );
  return {
    port,
    connections,
    received: () => Buffer.concat(received).toString(),
    origin: `http://${hostName}:${port}`,
  };
}

/** Answers each request on a connection with these bytes. */
export const answerWith =
  (...pieces: readonly (string | Buffer)[]) =>
  (socket: Socket): void => {
    socket.once('data', () => {
      for (const piece of pieces) socket.write(piece);
      socket.end();
    });
  };

/** What a refusal says, but for its sentence; the sentence may not have the value in it, nor may anything else. */
export async function refusalOf(
  sending: Promise<EgressResponse>,
): Promise<{ code: EgressErrorCode; field: string | null; secretKeyId: SecretKeyId | null }> {
  try {
    await sending;
  } catch (error) {
    if (!(error instanceof EgressError)) throw error;
    expect(`${error.stack} ${JSON.stringify(error)}`).not.to.contain(canary);
    expect(Object.keys(error).sort()).to.deep.equal(['code', 'field', 'name', 'secretKeyId']);
    return { code: error.code, field: error.field, secretKeyId: error.secretKeyId };
  }
  throw new Error('nothing was refused');
}

export const refusal = (
  code: EgressErrorCode,
  field: string | null = null,
  secretKeyId: SecretKeyId | null = null,
) => ({
  code,
  field,
  secretKeyId,
});

export const bodyText = (response: EgressResponse): string => Buffer.from(response.body).toString();

/** Resolves when `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
