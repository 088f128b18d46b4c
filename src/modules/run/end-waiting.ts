/** Ends runs that wait for a runner, which then never begin. */
import type { Transaction } from '../../database/database.js';
import type { OrganizationId, RunId } from '../../ids.js';
import type { RunError } from './run-result.js';

/** As the runner says it of a run that it stops. */
const cancelled: RunError = {
  code: 'CANCELLED',
  message: 'Somebody cancelled the run.',
  secretKeyId: null,
  field: null,
  line: null,
};

/** Ends them as cancelled. Their rows in `active_run` are locked, and have no lease. */
export async function endWaiting(
  tx: Transaction,
  organizationId: OrganizationId,
  ids: readonly RunId[],
  now: number,
): Promise<void> {
  if (ids.length === 0) return;
  const marks = ids.map(() => '?').join(', ');
  await tx.query(
    `UPDATE workflow_run SET state = 'CANCELLED', finished_at = ?, error = ?, revision = revision + 1,
       cancel_requested_at = COALESCE(cancel_requested_at, ?)
     WHERE organization_id = ? AND id IN (${marks})`,
    [now, JSON.stringify(cancelled), now, organizationId, ...ids],
  );
  await tx.query(
    `UPDATE workflow_run_step SET state = 'CANCELLED' WHERE organization_id = ? AND run_id IN (${marks})`,
    [organizationId, ...ids],
  );
  await tx.query(`DELETE FROM active_run WHERE organization_id = ? AND run_id IN (${marks})`, [organizationId, ...ids]);
}
