/**
 * Which run comes next. Organizations take turns, so that ten thousand runs of one do not stop the first of another; within one the
 * oldest comes first. A run is taken by giving its row a lease in a transaction, so no two runners take the same one.
 */
import type { Database, Transaction } from '../database/database.js';
import type { OrganizationId, RunId } from '../ids.js';

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
    if ((await oldestWaiting(this.database, organizationId)) === null) return null;
    return this.database.transaction(async (tx) => {
      // Two runners count one after the other.
      await tx.lock('SELECT id FROM organization WHERE id = ?', [organizationId]);
      if (!(await this.#hasRoom(tx, organizationId, now))) return null;
      const id = await oldestWaiting(tx, organizationId);
      if (id === null) return null;
      const [row] = await tx.lock(
        'SELECT run_id FROM active_run WHERE organization_id = ? AND run_id = ? AND lease_until = 0',
        [organizationId, id],
      );
      if (row === undefined) return null;
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
      return { organizationId, id };
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
