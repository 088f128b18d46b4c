import { recordAudit } from '../../audit/audit-log.js';
import type { Transaction } from '../../database/database.js';
import { conflict, notFound } from '../../errors.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { isId } from '../../ids.js';
import { auditSubjectOf } from './audit-subject.js';
import { endWaiting } from './end-waiting.js';
import { loadRun, reloadRun } from './load-run.js';
import { keptById } from './request-run.js';
import type { CancelRunInput } from './run.inputs.js';
import { hasEnded, type RunRecord, runSubject } from './run.record.js';

/**
 * Stops a run: one that waits is over at once; of one at work the runner is asked to stop: it begins no request more, and
 * breaks off what it waits for. What has ended otherwise stays as it is: CONFLICT.
 */
export async function cancelRun(ctx: RequestContext, input: CancelRunInput): Promise<RunRecord> {
  return write(ctx, 'cancelRun', input, (tx) => cancel(ctx, tx, input.id), keptById(ctx));
}

async function cancel(ctx: RequestContext, tx: Transaction, id: string): Promise<RunRecord> {
  if (!isId(id)) throw notFound();
  const { organizationId } = ctx.principal;
  // Runners lock this row before the run's; so does this.
  const [active] = await tx.lock('SELECT lease_until FROM active_run WHERE organization_id = ? AND run_id = ?', [
    organizationId,
    id,
  ]);
  const run = await loadRun(ctx, tx, id);
  const decision = must(ctx, 'cancel', runSubject(run));
  if (run.state === 'CANCELLED') return run;
  if (hasEnded(run)) throw conflict('The run has ended.');
  const isWaiting = active !== undefined && Number(active.lease_until) === 0;
  if (!isWaiting && run.cancelRequestedAt !== null) return run;

  if (isWaiting) await endWaiting(tx, organizationId, [run.id], ctx.now);
  else {
    await tx.query(
      'UPDATE workflow_run SET cancel_requested_at = ?, revision = revision + 1 WHERE organization_id = ? AND id = ?',
      [ctx.now, organizationId, run.id],
    );
  }
  const outcome = await reloadRun(tx, run);
  await recordAudit(tx, actorOf(ctx), {
    type: 'workflow.runCancelled',
    subject: await auditSubjectOf(tx, run),
    details: { runId: run.id, wasRunning: !isWaiting },
    decision,
  });
  return outcome;
}
