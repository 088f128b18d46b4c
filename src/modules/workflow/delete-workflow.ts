import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { loadWorkflow } from './load-workflow.js';
import { WorkflowEntity } from './workflow.entity.js';
import type { DeleteWorkflowInput } from './workflow.inputs.js';
import { workflowSubject } from './workflow.record.js';
import { removeReferences } from './write-version.js';

/** Deletes a workflow: its name is free, it names no key any more, and its runs that have not ended are cancelled. Its versions stay. */
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
      await tx.query(
        `UPDATE workflow_run SET cancel_requested_at = ?, revision = revision + 1
         WHERE organization_id = ? AND workflow_id = ? AND state IN ('QUEUED', 'RUNNING') AND cancel_requested_at IS NULL`,
        [ctx.now, organizationId, id],
      );
      await recordAudit(tx, actorOf(ctx), {
        type: 'workflow.deleted',
        subject: { type: 'Workflow', id, name },
        details: { version: workflow.version },
        decision,
      });
      return { deletedId: id };
    },
    asItWas(),
  );
}
