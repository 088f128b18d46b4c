/** Activating and deactivating: the same change in two directions. A workflow that is in the state already stays as it is. */
import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { loadWorkflow } from './load-workflow.js';
import { keptById, outcomeOf } from './outcome.js';
import type { WorkflowState } from './workflow.entity.js';
import type { ActivateWorkflowInput } from './workflow.inputs.js';
import { workflowSubject } from './workflow.record.js';
import type { WorkflowOutcome } from './workflow.type.js';
import { changeWorkflow } from './write-workflow.js';

const changes: Readonly<Record<WorkflowState, { readonly operation: string; readonly event: string }>> = {
  ACTIVE: { operation: 'activateWorkflow', event: 'workflow.activated' },
  INACTIVE: { operation: 'deactivateWorkflow', event: 'workflow.deactivated' },
};

export async function setState(
  ctx: RequestContext,
  input: ActivateWorkflowInput,
  state: WorkflowState,
): Promise<WorkflowOutcome> {
  const { operation, event } = changes[state];
  return write(
    ctx,
    operation,
    input,
    async (tx) => {
      const workflow = await loadWorkflow(ctx, tx, input.id);
      const decision = must(ctx, 'activate', workflowSubject(workflow));
      if (workflow.state === state) return { workflow, warnings: [] };
      const { id, name, version } = workflow;
      const change = { state, updatedAt: ctx.now, updatedById: ctx.principal.id };
      await changeWorkflow(tx, ctx.writer, workflow, change);
      const outcome = await outcomeOf(ctx, tx, id);
      const subject = { type: 'Workflow' as const, id, name };
      await recordAudit(tx, actorOf(ctx), { type: event, subject, details: { version }, decision });
      return outcome;
    },
    keptById(ctx),
  );
}
