/**
 * How the api tells runners that there is something to run. The rows of the database are the truth: a notice only says that it is
 * time to look, so one that is lost costs a moment and one that comes twice costs nothing.
 */
import { createHash } from 'node:crypto';
import type { Config } from '../config.js';
import type { OrganizationId, RunId } from '../ids.js';
import type { Logger } from '../log.js';
import { EmbeddedRunQueue } from './embedded-run-queue.js';

export interface RunNotice {
  readonly organizationId: OrganizationId;
  readonly runId: RunId;
}

export interface RunQueue {
  /** Called after the run was committed. Never throws and never waits: runners also look by themselves, a little later. */
  announce(notice: RunNotice): void;
  /** From now on calls `look` soon after a notice; at most one runner gets it where there are several. `look` does not throw. */
  consume(look: () => Promise<void>): Promise<void>;
  /** Whether notices arrive. */
  isReachable(): Promise<boolean>;
  close(): Promise<void>;
}

/**
 * BullMQ on the Redis of `REDIS_URL`; without one, a socket on this machine.
 *
 * @param writerPublicKey tells installations apart that share a Redis: the api and its runners have the same one.
 */
export async function openRunQueue(
  config: Pick<Config, 'redisUrl' | 'home'>,
  writerPublicKey: Uint8Array,
  log: Logger,
): Promise<RunQueue> {
  if (config.redisUrl === null) return new EmbeddedRunQueue(config.home, log);
  const { RedisRunQueue } = await import('./redis-run-queue.js');
  return new RedisRunQueue(config.redisUrl, `nightsafe-runs-${digestOf(writerPublicKey)}`, log);
}

const digestOf = (key: Uint8Array): string => createHash('sha256').update(key).digest('hex').slice(0, 16);
