/** Speaks to an api and keeps everything that it answers. */
import { request as httpRequest } from 'node:http';
import { giveUp, speak } from '../graphql/fixture.js';

export interface Exchange {
  readonly title: string;
  /** Status, headers and body, as they came. */
  readonly response: string;
}

/** Requests on their way at the same time. */
const parallel = 8;

export class Traffic {
  readonly exchanges: Exchange[] = [];

  constructor(
    readonly port: number,
    private readonly token: string | null,
  ) {}

  /** Sends all of them, a few at a time. */
  async sendAll(requests: readonly { readonly title: string; readonly body: unknown }[]): Promise<void> {
    const waiting = [...requests];
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        await this.send(next.title, { body: JSON.stringify(next.body) });
      }
    };
    await Promise.all(Array.from({ length: parallel }, work));
  }

  /** A POST to /graphql unless told otherwise. Headers go out as they are, which `fetch` would not do. */
  send(
    title: string,
    request: {
      readonly method?: string;
      readonly path?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Buffer;
    },
  ): Promise<Exchange> {
    const { method = 'POST', path = '/graphql', headers = {}, body = '' } = request;
    return new Promise((resolve, reject) => {
      const authorization = this.token === null ? {} : { authorization: `Bearer ${this.token}` };
      const outgoing = httpRequest(
        {
          port: this.port,
          host: '127.0.0.1',
          method,
          path,
          headers: { ...authorization, 'content-type': 'application/json', ...headers },
        },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            const head = `${response.statusCode} ${response.statusMessage}\n${response.rawHeaders.join('\n')}`;
            const exchange = { title, response: `${head}\n\n${Buffer.concat(chunks).toString()}` };
            this.exchanges.push(exchange);
            resolve(exchange);
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body);
    });
  }

  /** Bytes that need not be HTTP, and whatever is answered until the server closes the connection. */
  async sendBytes(title: string, bytes: string): Promise<void> {
    this.exchanges.push({ title, response: await speak(this.port, bytes, /$^/) });
  }

  /** Bytes after which the caller hangs up. */
  async abandon(bytes: string): Promise<void> {
    await giveUp(this.port, bytes);
  }
}
