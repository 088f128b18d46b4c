/**
 * Tells who listens when a run changes. One look at the run's row every 200 ms for each run that somebody listens to, however many
 * they are; the row is the truth, so it does not matter which process changed it, and nothing can be missed.
 */
import { EventEmitter, once } from 'node:events';
import type { Database } from '../../database/database.js';
import type { OrganizationId, RunId } from '../../ids.js';
import type { RunState } from './run.entity.js';
import { hasEnded } from './run.record.js';

/** Short enough to feel live, in milliseconds. */
const lookInterval = 200;

export class RunChanges {
  readonly #watches = new Map<string, Watch>();

  constructor(private readonly database: Pick<Database, 'query'>) {}

  /**
   * Yields at once, and then after every change of the run, several in a short time as one. Ends after it has yielded for the end of
   * the run, or for a run that is gone, and when the signal is aborted.
   */
  async *follow(organizationId: OrganizationId, id: RunId, signal: AbortSignal): AsyncGenerator<void> {
    const key = `${organizationId}/${id}`;
    const watch = this.#watches.get(key) ?? new Watch(this.database, organizationId, id);
    this.#watches.set(key, watch);
    watch.join();
    try {
      let told = 0;
      while (!signal.aborted) {
        const { revision, isOver } = watch.seen();
        if (revision > told) {
          told = revision;
          yield;
          if (isOver) return;
        } else {
          await watch.change(signal);
        }
      }
    } finally {
      if (watch.leave() === 0) this.#watches.delete(key);
    }
  }
}

interface Seen {
  readonly revision: number;
  readonly isOver: boolean;
}

class Watch {
  readonly #changes = new EventEmitter().setMaxListeners(0);
  #seen: Seen = { revision: 0, isOver: false };
  #failure: unknown = null;
  #listeners = 0;

  constructor(
    private readonly database: Pick<Database, 'query'>,
    private readonly organizationId: OrganizationId,
    private readonly id: RunId,
  ) {}

  join(): void {
    this.#listeners += 1;
    if (this.#listeners === 1) void this.#look();
  }

  /** Returns how many still listen. */
  leave(): number {
    this.#listeners -= 1;
    return this.#listeners;
  }

  /** What was seen last. Throws when the database could not be read. */
  seen(): Seen {
    if (this.#failure !== null) throw this.#failure;
    return this.#seen;
  }

  /** Resolves when something else is seen, or the signal is aborted. */
  async change(signal: AbortSignal): Promise<void> {
    await once(this.#changes, 'change', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }

  async #look(): Promise<void> {
    while (this.#listeners > 0 && this.#failure === null && !this.#seen.isOver) {
      try {
        const seen = await this.#read();
        const isNew = seen.revision > this.#seen.revision;
        this.#seen = seen;
        if (isNew) this.#changes.emit('change');
      } catch (error) {
        this.#failure = error;
        this.#changes.emit('change');
      }
      await new Promise((resolve) => setTimeout(resolve, lookInterval).unref());
    }
  }

  async #read(): Promise<Seen> {
    const [row] = await this.database.query(
      'SELECT revision, state FROM workflow_run WHERE organization_id = ? AND id = ?',
      [this.organizationId, this.id],
    );
    // A run that was purged meanwhile.
    if (row === undefined) return { revision: Number.POSITIVE_INFINITY, isOver: true };
    return { revision: Number(row.revision), isOver: hasEnded({ state: row.state as RunState }) };
  }
}
