/** Open streams of server-sent events: how many one principal may have, what keeps them alive, and how they end. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { ApiError } from '../errors.js';

export interface StreamLimits {
  /** Streams that one principal may have open in this process. */
  readonly perPrincipal: number;
  /** In milliseconds. */
  readonly heartbeatInterval: number;
}

export const defaultStreamLimits: StreamLimits = {
  perPrincipal: 20, // as many tabs as one person watches runs in
  heartbeatInterval: 12_000, // balancers give a silent connection up after 30 to 60 seconds
};

/** When to try again after a refusal, in seconds: a run is mostly over by then, and its stream with it. */
const retryAfterSeconds = 10;

/** A comment in the stream, which clients leave out. */
const heartbeat = ':\n\n';

export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Asks proxies not to collect events before they pass them on.
  'x-accel-buffering': 'no',
  // A stream ends when the process stops serving; the connection would stay, idle, and be waited for.
  connection: 'close',
};

export class EventStreams {
  readonly #open = new Map<string, number>();
  readonly #endings = new Set<AbortController>();
  #isClosing = false;

  constructor(private readonly limits: StreamLimits) {}

  /**
   * Counts a stream until its response is closed. The signal is aborted then, or when the process stops serving.
   * Throws RATE_LIMITED when the principal has too many.
   */
  open(principalId: string, response: ServerResponse): AbortSignal {
    // Its end has been told already, so nothing would take it off the count again.
    if (response.destroyed) return AbortSignal.abort();
    const others = this.#open.get(principalId) ?? 0;
    if (others >= this.limits.perPrincipal) {
      throw new ApiError('RATE_LIMITED', `Not more than ${this.limits.perPrincipal} streams may be open at once.`, {
        retryAfterSeconds,
      });
    }
    const ending = new AbortController();
    this.#open.set(principalId, others + 1);
    this.#endings.add(ending);
    response.once('close', () => {
      this.#endings.delete(ending);
      const left = (this.#open.get(principalId) ?? 0) - 1;
      if (left > 0) this.#open.set(principalId, left);
      else this.#open.delete(principalId);
      ending.abort();
    });
    if (this.#isClosing) ending.abort();
    return ending.signal;
  }

  /** Writes the messages, each when the ones before it have left, and ends the response. Its head has been written. */
  async send(response: ServerResponse, messages: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
    // Browsers take a stream for open when something has come.
    response.write(heartbeat);
    const timer = setInterval(() => response.write(heartbeat), this.limits.heartbeatInterval);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
    for await (const message of messages) {
      if (signal.aborted) break;
      if (!response.write(message)) await once(response, 'drain', { signal }).catch(() => undefined);
    }
    clearInterval(timer);
    response.end();
  }

  /** Ends all streams without `complete`: clients that want more connect again. */
  close(): void {
    this.#isClosing = true;
    for (const ending of this.#endings) ending.abort();
  }
}
