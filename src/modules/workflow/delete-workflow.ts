import { recordAudit } from '../../audit/audit-log.js';
import type { Transaction } from '../../database/database.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import type { OrganizationId, RunId, WorkflowId } from '../../ids.js';
import { endWaiting } from '../run/end-waiting.js';
import { loadWorkflow } from './load-workflow.js';
import { WorkflowEntity } from './workflow.entity.js';
import type { DeleteWorkflowInput } from './workflow.inputs.js';
import { workflowSubject } from './workflow.record.js';
import { removeReferences } from './write-version.js';

/** Deletes a workflow: its name is free, it names no key any more, and its runs that have not ended are cancelled as by `cancelRun`. Its versions stay. */
export async function deleteWorkflow(
  ctx: RequestContext,
  input: DeleteWorkflowInput,
): Promise<{ readonly deletedId: string }> {
  return write(
    ctx,
    'deleteWorkflow',
    input,
    async (tx) => {
      const workflow = await loadWorkflow(ctx, tx, input.id);
      const decision = must(ctx, 'delete', workflowSubject(workflow));
      const { organizationId, id, name } = workflow;
      const change = {
        nameKey: null,
        state: 'INACTIVE' as const,
        deletedAt: ctx.now,
        updatedAt: ctx.now,
        updatedById: ctx.principal.id,
      };
      await tx.manager.update(WorkflowEntity, { organizationId, id }, change);
      await removeReferences(tx, { organizationId, workflowId: id });
      const runs = await cancelRunsOf(tx, organizationId, id, ctx.now);
      await recordAudit(tx, actorOf(ctx), {
        type: 'workflow.deleted',
        subject: { type: 'Workflow', id, name },
        details: { version: workflow.version, cancelledRuns: runs },
        decision,
      });
      return { deletedId: id };
    },
    asItWas(),
  );
}

/** Few enough for one statement. */
const endedAtOnce = 500;

/** No run comes in meanwhile: whoever asks for one holds the workflow, which is locked here. Returns how many are cancelled. */
async function cancelRunsOf(
  tx: Transaction,
  organizationId: OrganizationId,
  workflowId: WorkflowId,
  now: number,
): Promise<number> {
  const rows = await tx.query(
    `SELECT a.run_id FROM active_run a JOIN workflow_run r ON r.organization_id = a.organization_id AND r.id = a.run_id
     WHERE a.organization_id = ? AND r.workflow_id = ? ORDER BY a.run_id`,
    [organizationId, workflowId],
  );
  const ids = rows.map(({ run_id }) => run_id as RunId);
  let cancelled = 0;
  for (let at = 0; at < ids.length; at += endedAtOnce) {
    const some = ids.slice(at, at + endedAtOnce);
    // Runners lock these rows before those of the runs; so does this.
    const active = await tx.lock(
      `SELECT run_id, lease_until FROM active_run
       WHERE organization_id = ? AND run_id IN (${some.map(() => '?').join(', ')}) ORDER BY run_id`,
      [organizationId, ...some],
    );
    const waiting = active.filter(({ lease_until }) => Number(lease_until) === 0).map(({ run_id }) => run_id as RunId);
    await endWaiting(tx, organizationId, waiting, now);
    for (const { run_id } of active.filter(({ lease_until }) => Number(lease_until) > 0)) {
      await tx.query(
        `UPDATE workflow_run SET cancel_requested_at = ?, revision = revision + 1
         WHERE organization_id = ? AND id = ? AND cancel_requested_at IS NULL`,
        [now, organizationId, run_id],
      );
    }
    cancelled += active.length;
  }
  return cancelled;
}
