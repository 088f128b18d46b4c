/** Keeps the runs of this runner its own, hears of cancellations, and ends the runs of runners that are gone. */
import type { Database, Transaction } from '../database/database.js';
import type { OrganizationId, RunId } from '../ids.js';
import type { RunInput } from '../modules/run/run-input.js';
import type { RunError, RunLogLine } from '../modules/run/run-result.js';
import type { ClaimedRun } from './claim-run.js';

export interface Standing {
  /** False: the lease has ended, or the run has. */
  readonly isHeld: boolean;
  readonly isCancelled: boolean;
}

const interrupted: RunError = {
  code: 'INTERRUPTED',
  message: 'The runner ended in the middle. What it had begun to send may have arrived.',
  secretKeyId: null,
  field: null,
  line: null,
};

/** How many runs of one organization are ended in one look. */
const batch = 100;

export class Leases {
  constructor(
    private readonly database: Database,
    private readonly runnerId: string,
  ) {}

  /** Prolongs the lease, unless it has ended. */
  async renew({ organizationId, id }: ClaimedRun, now: number, leaseUntil: number): Promise<Standing> {
    await this.database.transaction((tx) =>
      tx.query(
        'UPDATE active_run SET lease_until = ? WHERE organization_id = ? AND run_id = ? AND runner_id = ? AND lease_until > ?',
        [leaseUntil, organizationId, id, this.runnerId, now],
      ),
    );
    return this.standing({ organizationId, id }, now);
  }

  async standing({ organizationId, id }: ClaimedRun, now: number): Promise<Standing> {
    const [row] = await this.database.query(
      `SELECT a.lease_until, r.cancel_requested_at FROM active_run a
       JOIN workflow_run r ON r.organization_id = a.organization_id AND r.id = a.run_id
       WHERE a.organization_id = ? AND a.run_id = ? AND a.runner_id = ?`,
      [organizationId, id, this.runnerId],
    );
    return {
      isHeld: row !== undefined && Number(row.lease_until) > now,
      isCancelled: row !== undefined && row.cancel_requested_at !== null,
    };
  }

  /** Runs whose lease has ended become INTERRUPTED. None of them is run again by itself. */
  async endExpired(now: number): Promise<number> {
    let ended = 0;
    for (let organization = await this.#after(''); organization; organization = await this.#after(organization)) {
      const rows = await this.database.query(
        'SELECT run_id FROM active_run WHERE organization_id = ? AND lease_until > 0 AND lease_until <= ? LIMIT ?',
        [organization, now, batch],
      );
      for (const { run_id } of rows) {
        const run = { organizationId: organization, id: run_id as RunId };
        const isOver = (row: { readonly lease_until?: unknown }) =>
          Number(row.lease_until) > 0 && Number(row.lease_until) <= now;
        if (await this.database.transaction((tx) => interrupt(tx, run, now, isOver))) ended += 1;
      }
    }
    return ended;
  }

  /** Ends a run that this runner holds and will not finish. */
  async giveUp(run: ClaimedRun, now: number): Promise<void> {
    await this.database.transaction((tx) => interrupt(tx, run, now, (row) => row.runner_id === this.runnerId));
  }

  async #after(previous: string): Promise<OrganizationId | null> {
    const [row] = await this.database.query(
      'SELECT MIN(organization_id) AS id FROM active_run WHERE organization_id > ?',
      [previous],
    );
    return (row?.id as OrganizationId | null | undefined) ?? null;
  }
}

/** Ends a run as interrupted, when its row allows that. Returns whether it did. */
export async function interrupt(
  tx: Transaction,
  { organizationId, id }: ClaimedRun,
  now: number,
  mayEnd: (row: { readonly lease_until?: unknown; readonly runner_id?: unknown }) => boolean,
): Promise<boolean> {
  const of = [organizationId, id];
  const [row] = await tx.lock(
    'SELECT runner_id, lease_until, is_unmasked FROM active_run WHERE organization_id = ? AND run_id = ?',
    of,
  );
  if (row === undefined || !mayEnd(row)) return false;
  if (Number(row.is_unmasked) === 1) await withhold(tx, { organizationId, id });
  await tx.query(
    "UPDATE workflow_run_step SET state = 'INTERRUPTED', finished_at = ? WHERE organization_id = ? AND run_id = ? AND state = 'RUNNING'",
    [now, ...of],
  );
  await tx.query(
    "UPDATE workflow_run_step SET state = 'SKIPPED' WHERE organization_id = ? AND run_id = ? AND state = 'PENDING'",
    of,
  );
  await tx.query(
    "UPDATE workflow_run SET state = 'INTERRUPTED', finished_at = ?, error = ?, revision = revision + 1 WHERE organization_id = ? AND id = ?",
    [now, JSON.stringify(interrupted), ...of],
  );
  await tx.query('DELETE FROM active_run WHERE organization_id = ? AND run_id = ?', of);
  return true;
}

/**
 * The runner ended between opening a key and searching what the run had left for its value. Nobody else knows the value, so outputs, logs
 * and the input are not kept. The steps before the one that was at work have succeeded, and so have no errors.
 */
async function withhold(tx: Transaction, { organizationId, id }: ClaimedRun): Promise<void> {
  const line: RunLogLine = {
    level: 'info',
    text: 'Output and logs are withheld: the runner ended before they were searched for the value of a key.',
  };
  await tx.query(
    'UPDATE workflow_run_step SET output = NULL, logs = ? WHERE organization_id = ? AND run_id = ? AND logs IS NOT NULL',
    [JSON.stringify([line]), organizationId, id],
  );
  await tx.query('UPDATE workflow_run SET input = ? WHERE organization_id = ? AND id = ?', [
    JSON.stringify({ input: {}, steps: {} } satisfies RunInput),
    organizationId,
    id,
  ]);
}
