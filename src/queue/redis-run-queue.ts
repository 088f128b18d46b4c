/** Notices through BullMQ on Redis, for runners on several machines. A job holds two ids and nothing else. */
import { type ConnectionOptions, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Redacted } from '../config.js';
import type { Logger } from '../log.js';
import type { RunNotice, RunQueue } from './run-queue.js';

/** How many notices one runner looks into at once. More runs than that start too: a look goes on while it finds some. */
const looksAtOnce = 4;

/** How long the server has to answer, in milliseconds. */
const longestPing = 2_000;

export class RedisRunQueue implements RunQueue {
  readonly #producer: Redis;
  readonly #queue: Queue<RunNotice>;
  #consumer: Redis | null = null;
  #worker: Worker<RunNotice> | null = null;

  constructor(
    private readonly url: Redacted,
    private readonly name: string,
    private readonly log: Logger,
  ) {
    // A notice that cannot be delivered now is not worth keeping: runners look by themselves.
    this.#producer = this.#connect({ enableOfflineQueue: false, maxRetriesPerRequest: 1 });
    this.#queue = new Queue(name, { connection: asConnection(this.#producer) });
    this.#queue.on('error', (error) => this.#report(error));
  }

  announce(notice: RunNotice): void {
    this.#queue
      .add('run', notice, { jobId: notice.runId, removeOnComplete: true, removeOnFail: true })
      .catch((error: unknown) => this.#report(error));
  }

  async consume(look: () => Promise<void>): Promise<void> {
    // BullMQ asks for a connection that retries for ever.
    this.#consumer = this.#connect({ maxRetriesPerRequest: null });
    this.#worker = new Worker(this.name, look, {
      connection: asConnection(this.#consumer),
      concurrency: looksAtOnce,
    });
    this.#worker.on('error', (error) => this.#report(error));
  }

  async isReachable(): Promise<boolean> {
    if (this.#producer.status !== 'ready') return false;
    const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), longestPing).unref());
    return Promise.race([
      this.#producer.ping().then(
        () => true,
        () => false,
      ),
      late,
    ]);
  }

  async close(): Promise<void> {
    await this.#worker?.close(true).catch(() => undefined);
    await this.#queue.close().catch(() => undefined);
    this.#consumer?.disconnect();
    this.#producer.disconnect();
  }

  #connect(options: { readonly maxRetriesPerRequest: number | null; readonly enableOfflineQueue?: boolean }): Redis {
    const redis = new Redis(this.url.reveal(), { ...options, retryStrategy: (times) => Math.min(times * 100, 3_000) });
    redis.on('error', (error) => this.#report(error));
    return redis;
  }

  #report(error: unknown): void {
    // The library's errors hold the command with its arguments.
    const code = error instanceof Error ? ((error as NodeJS.ErrnoException).code ?? error.name) : 'unknown';
    this.log.warn({ code }, 'Redis does not take part; runners look for runs by themselves');
  }
}

/** BullMQ types its own copy of the client's class. */
const asConnection = (redis: Redis): ConnectionOptions => redis as ConnectionOptions;
