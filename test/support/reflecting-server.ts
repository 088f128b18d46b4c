/** A server on loopback that keeps, and sends back, everything that it got. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ReflectingServer {
  /** `127.0.0.1:PORT`. */
  readonly host: string;
  readonly received: ReceivedRequest[];
  close(): Promise<void>;
}

/**
 * Sends back, as JSON, everything that it got. With `?as=NAME` the answer is what `encode` of that name makes of the text, and
 * with `?wait=MS` it comes later.
 */
export async function startReflectingServer(
  encode: Readonly<Record<string, (text: string) => string | Buffer>> = {},
): Promise<ReflectingServer> {
  const received: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const got = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString('utf8'),
    };
    received.push(got);
    const query = new URL(got.url, 'http://reflecting.test').searchParams;
    await new Promise((resolve) => setTimeout(resolve, Number(query.get('wait') ?? 0)));
    const encoded = encode[query.get('as') ?? ''];
    if (encoded !== undefined) {
      response.end(encoded(got.headers.authorization ?? got.body));
      return;
    }
    response.writeHead(Number(query.get('status') ?? 200), {
      'content-type': 'application/json',
      ...(got.headers.authorization === undefined ? {} : { 'x-echo': got.headers.authorization }),
    });
    response.end(JSON.stringify(got));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
