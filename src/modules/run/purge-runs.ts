/** Erases runs whose retention time is over, and keeps how many there were on each day. */
import { type Database, insertUnique, type Transaction, TryAgain } from '../../database/database.js';
import { indexHint } from '../../database/dialect.js';
import type { OrganizationId, RunId } from '../../ids.js';
import { dayInMilliseconds } from '../secret-key/delete-secret-key.js';
import { type RunState, RunTallyEntity } from './run.entity.js';

/** A transaction of this size is over soon enough for others not to wait. */
const purgedAtOnce = 500;

/** Returns how many runs were erased. Several processes may run it at once. Runs that have not ended are never due. */
export async function purgeRuns(database: Database, retentionDays: number, now: number): Promise<number> {
  const before = now - retentionDays * dayInMilliseconds;
  const organizations = await database.query('SELECT id FROM organization ORDER BY id');
  let purged = 0;
  for (const organization of organizations) {
    const organizationId = organization.id as OrganizationId;
    for (;;) {
      const due = await database.query(
        `SELECT id FROM workflow_run ${indexHint(database.dialect, 'workflow_run_by_end')}
         WHERE organization_id = ? AND finished_at <= ? ORDER BY finished_at, id LIMIT ?`,
        [organizationId, before, purgedAtOnce],
      );
      if (due.length === 0) break;
      const ids = due.map(({ id }) => id as RunId);
      purged += await database.transaction((tx) => purgeSome(tx, organizationId, ids));
    }
  }
  return purged;
}

/** Those of the runs that no other process has erased meanwhile. */
async function purgeSome(tx: Transaction, organizationId: OrganizationId, ids: readonly RunId[]): Promise<number> {
  const marks = ids.map(() => '?').join(', ');
  const held = await tx.lock(
    `SELECT id, workflow_id, state, finished_at FROM workflow_run WHERE organization_id = ? AND id IN (${marks}) ORDER BY id`,
    [organizationId, ...ids],
  );
  if (held.length === 0) return 0;
  const tallies = new Map<string, Tally>();
  for (const row of held) {
    const finishedAt = Number(row.finished_at);
    const tally = {
      workflowId: (row.workflow_id as string | null) ?? '',
      day: finishedAt - (finishedAt % dayInMilliseconds),
      state: row.state as RunState,
    };
    const key = Object.values(tally).join('/');
    tallies.set(key, { ...tally, runCount: (tallies.get(key)?.runCount ?? 0) + 1 });
  }
  for (const tally of tallies.values()) await addTally(tx, organizationId, tally);
  const heldIds = held.map(({ id }) => id);
  const heldMarks = held.map(() => '?').join(', ');
  for (const [table, column] of [
    ['workflow_run_step', 'run_id'],
    ['workflow_run', 'id'],
  ] as const) {
    await tx.query(`DELETE FROM ${table} WHERE organization_id = ? AND ${column} IN (${heldMarks})`, [
      organizationId,
      ...heldIds,
    ]);
  }
  return held.length;
}

type Tally = Pick<RunTallyEntity, 'workflowId' | 'day' | 'state' | 'runCount'>;

async function addTally(tx: Transaction, organizationId: OrganizationId, tally: Tally): Promise<void> {
  const { runCount, ...group } = tally;
  const [known] = await tx.lock(
    'SELECT run_count FROM run_tally WHERE organization_id = ? AND workflow_id = ? AND day = ? AND state = ?',
    [organizationId, group.workflowId, group.day, group.state],
  );
  if (known === undefined) {
    await insertUnique(
      () => tx.manager.insert(RunTallyEntity, { organizationId, ...tally }),
      () => new TryAgain(),
    );
  } else {
    const total = Number(known.run_count) + runCount;
    await tx.manager.update(RunTallyEntity, { organizationId, ...group }, { runCount: total });
  }
}
