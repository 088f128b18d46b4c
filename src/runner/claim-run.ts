/**
 * Which run comes next. Organizations take turns, so that ten thousand runs of one do not stop the first of another; within one the
 * oldest comes first. A run is taken by giving its row a lease in a transaction, so no two runners take the same one, and only while it is
 * QUEUED, so none is taken twice.
 */
import type { Database, Transaction } from '../database/database.js';
import type { OrganizationId, RunId } from '../ids.js';
import { endWaiting } from '../modules/run/end-waiting.js';
import { interrupt } from './leases.js';

export interface ClaimLimits {
  readonly runsAtOncePerOrganization: number;
  /** 0: no limit. */
  readonly runsPerMinutePerOrganization: number;
}

export interface ClaimedRun {
  readonly organizationId: OrganizationId;
  readonly id: RunId;
}

export class RunClaims {
  /** The organization that had its turn last. */
  #last = '';

  constructor(
    private readonly database: Database,
    private readonly runnerId: string,
    private readonly limits: ClaimLimits,
  ) {}

  /** The next run with a lease until the given instant, or null when nothing may start now. */
  async take(now: number, leaseUntil: number): Promise<ClaimedRun | null> {
    const first = this.#last;
    for (const [from, to] of [
      [first, null],
      ['', first],
    ] as const) {
      for (
        let organization = await this.#after(from, to);
        organization;
        organization = await this.#after(organization, to)
      ) {
        const run = await this.#takeOf(organization, now, leaseUntil);
        if (run === null) continue;
        this.#last = organization;
        return run;
      }
    }
    return null;
  }

  /** The next organization with active runs, by one step in the index: the number of its runs makes no difference. */
  async #after(previous: string, last: string | null): Promise<OrganizationId | null> {
    const [row] = await this.database.query(
      'SELECT MIN(organization_id) AS id FROM active_run WHERE organization_id > ?',
      [previous],
    );
    const id = row?.id as OrganizationId | null | undefined;
    return id == null || (last !== null && id > last) ? null : id;
  }

  async #takeOf(organizationId: OrganizationId, now: number, leaseUntil: number): Promise<ClaimedRun | null> {
    while ((await oldestWaiting(this.database, organizationId)) !== null) {
      const taken = await this.#tryToTake(organizationId, now, leaseUntil);
      if (taken !== 'unfit') return taken;
    }
    return null;
  }

  /** Null when nothing of the organization may start now; `unfit` when the oldest was not one to begin, and is out of the way. */
  async #tryToTake(
    organizationId: OrganizationId,
    now: number,
    leaseUntil: number,
  ): Promise<ClaimedRun | 'unfit' | null> {
    return this.database.transaction(async (tx) => {
      // Two runners count one after the other.
      await tx.lock('SELECT id FROM organization WHERE id = ?', [organizationId]);
      if (!(await this.#hasRoom(tx, organizationId, now))) return null;
      const id = await oldestWaiting(tx, organizationId);
      if (id === null) return null;
      const run = { organizationId, id };
      const [row] = await tx.lock(
        'SELECT run_id FROM active_run WHERE organization_id = ? AND run_id = ? AND lease_until = 0',
        [organizationId, id],
      );
      if (row === undefined) return null;
      if (!(await mayBegin(tx, run, now))) return 'unfit';
      await tx.query('UPDATE active_run SET lease_until = ?, runner_id = ? WHERE organization_id = ? AND run_id = ?', [
        leaseUntil,
        this.runnerId,
        organizationId,
        id,
      ]);
      await tx.query(
        "UPDATE workflow_run SET state = 'RUNNING', started_at = ?, revision = revision + 1 WHERE organization_id = ? AND id = ?",
        [now, organizationId, id],
      );
      return run;
    });
  }

  async #hasRoom(tx: Transaction, organizationId: OrganizationId, now: number): Promise<boolean> {
    const { runsAtOncePerOrganization, runsPerMinutePerOrganization } = this.limits;
    const [running] = await tx.query(
      'SELECT COUNT(*) AS n FROM active_run WHERE organization_id = ? AND lease_until > 0',
      [organizationId],
    );
    if (Number(running?.n) >= runsAtOncePerOrganization) return false;
    if (runsPerMinutePerOrganization === 0) return true;
    const [started] = await tx.query(
      'SELECT COUNT(*) AS n FROM workflow_run WHERE organization_id = ? AND started_at > ?',
      [organizationId, now - 60_000],
    );
    return Number(started?.n) < runsPerMinutePerOrganization;
  }
}

/**
 * A run is begun once. One that waits although it ended, was begun, or was to be cancelled was put there by hand: it ends here, or stays as
 * it ended.
 */
async function mayBegin(tx: Transaction, run: ClaimedRun, now: number): Promise<boolean> {
  const of = [run.organizationId, run.id];
  const [row] = await tx.query(
    'SELECT state, started_at, finished_at, cancel_requested_at FROM workflow_run WHERE organization_id = ? AND id = ?',
    of,
  );
  const hasBegun = row?.started_at != null || row?.finished_at != null;
  if (row?.state === 'QUEUED' && !hasBegun && row.cancel_requested_at === null) return true;
  if (row?.state === 'QUEUED' && !hasBegun) await endWaiting(tx, run.organizationId, [run.id], now);
  else if (row?.state === 'QUEUED' || row?.state === 'RUNNING') await interrupt(tx, run, now, () => true);
  else await tx.query('DELETE FROM active_run WHERE organization_id = ? AND run_id = ?', of);
  return false;
}

async function oldestWaiting(
  from: Pick<Database, 'query'> | Transaction,
  organizationId: OrganizationId,
): Promise<RunId | null> {
  const [row] = await from.query(
    'SELECT MIN(run_id) AS id FROM active_run WHERE organization_id = ? AND lease_until = 0',
    [organizationId],
  );
  return (row?.id as RunId | null | undefined) ?? null;
}
