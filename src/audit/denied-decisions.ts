/**
 * Denied changes on their way to the decision log. Nothing of them is committed that they could be written with, so they are kept
 * here and written together, every few seconds. Whoever is denied the same again and again makes one row of it for each of these
 * times, and beyond a bound decisions are counted and not kept: a flood of refused requests is no flood of writes.
 */
import type { Decision } from '../authz/index.js';
import type { Database } from '../database/database.js';
import { newId } from '../ids.js';
import type { Logger } from '../log.js';
import { DecisionLogEntity } from './decision-log.entity.js';
import { decisionRow } from './decision-log.js';

/** How many are kept between two writes, and how many of them of one principal. */
const most = 1_000;
const mostOfPrincipal = 20;

type Row = ReturnType<typeof decisionRow>;

export class DeniedDecisions {
  /** By what was asked, each once. */
  #kept = new Map<string, Row>();
  #ofPrincipal = new Map<string, number>();
  #dropped = 0;
  #writing: Promise<void> = Promise.resolve();

  add(decision: Decision, now: number): void {
    const row = decisionRow(newId(now), now, decision);
    const { id: _, occurredAt: __, ...asked } = row;
    const key = JSON.stringify(asked);
    if (this.#kept.has(key)) return;
    const principal = `${row.organizationId} ${row.principalId}`;
    const ofPrincipal = this.#ofPrincipal.get(principal) ?? 0;
    if (this.#kept.size >= most || ofPrincipal >= mostOfPrincipal) {
      this.#dropped += 1;
      return;
    }
    this.#kept.set(key, row);
    this.#ofPrincipal.set(principal, ofPrincipal + 1);
  }

  /** Writes what was kept, one transaction for each organization. What cannot be written is lost, and the log says so. */
  flush(database: Database, log: Logger): Promise<void> {
    this.#writing = this.#writing.then(() => this.#write(database, log));
    return this.#writing;
  }

  async #write(database: Database, log: Logger): Promise<void> {
    const dropped = this.#dropped;
    const rows = [...this.#kept.values()];
    this.#kept = new Map();
    this.#ofPrincipal = new Map();
    this.#dropped = 0;
    if (dropped > 0) log.warn({ decisions: dropped }, 'more changes were denied than the decision log takes at once');
    for (const organizationId of new Set(rows.map((row) => row.organizationId))) {
      const own = rows.filter((row) => row.organizationId === organizationId);
      await database
        .transaction((tx) => tx.manager.insert(DecisionLogEntity, own))
        .catch((error: unknown) => log.error({ err: error, decisions: own.length }, 'denied changes were not logged'));
    }
  }
}
