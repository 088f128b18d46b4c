/**
 * Notices on one machine, without a server: the runner listens on a Unix socket in Nightsafe's home folder, where only its own user
 * gets at it, and the api writes a byte to it. A notice carries nothing, so there is nothing in it to forge.
 */
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '../log.js';
import type { RunQueue } from './run-queue.js';

/** Unix allows 104 to 108 bytes for the path of a socket, its end included. */
const longestPath = 100;

/** How long the api waits before it tries a runner again that does not listen, in milliseconds. */
const retryAfter = 500;

/** In the home folder; when its path is too long for a socket, in the system's folder for temporary files. */
export function socketPath(home: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\nightsafe-${digest(home)}`;
  const path = join(home, 'runner.sock');
  return Buffer.byteLength(path) <= longestPath ? path : join(tmpdir(), `nightsafe-${digest(home)}.sock`);
}

const digest = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16);

export class EmbeddedRunQueue implements RunQueue {
  readonly #path: string;
  #socket: Socket | null = null;
  #notBefore = 0;
  #server: Server | null = null;
  readonly #connections = new Set<Socket>();

  constructor(
    home: string,
    private readonly log: Logger,
  ) {
    this.#path = socketPath(home);
  }

  announce(): void {
    if (this.#socket === null && Date.now() < this.#notBefore) return;
    this.#socket ??= this.#connect();
    this.#socket.write('.');
  }

  async consume(look: () => Promise<void>): Promise<void> {
    // What a runner that was killed has left. Two runners on one machine need Redis, or take turns at looking.
    if (process.platform !== 'win32') rmSync(this.#path, { force: true });
    const server = createServer((connection) => {
      this.#connections.add(connection);
      connection.on('data', () => void look());
      connection.on('error', () => connection.destroy());
      connection.on('close', () => this.#connections.delete(connection));
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#path, resolve);
    });
  }

  async isReachable(): Promise<boolean> {
    return true;
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    for (const connection of this.#connections) connection.destroy();
    const server = this.#server;
    if (server !== null) await new Promise((resolve) => server.close(resolve));
  }

  #connect(): Socket {
    const socket = connect(this.#path);
    socket.unref();
    const end = () => {
      if (this.#socket === socket) this.#socket = null;
    };
    socket.on('error', (error) => {
      this.#notBefore = Date.now() + retryAfter;
      this.log.debug({ err: error }, 'no runner listens on this machine');
      end();
    });
    socket.on('close', end);
    return socket;
  }
}
