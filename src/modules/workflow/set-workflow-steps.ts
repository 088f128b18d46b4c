import { recordAudit } from '../../audit/audit-log.js';
import { TryAgain } from '../../database/database.js';
import { conflict } from '../../errors.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { holdMembership } from '../organization/membership.js';
import { loadWorkflow, mustFind, readVersion } from './load-workflow.js';
import { keptById, outcomeOf } from './outcome.js';
import { readSteps } from './read-steps.js';
import { stepsForAudit } from './steps-for-audit.js';
import type { SetWorkflowStepsInput } from './workflow.inputs.js';
import { workflowSubject } from './workflow.record.js';
import type { WorkflowOutcome } from './workflow.type.js';
import { writeVersion } from './write-version.js';
import { changeWorkflow } from './write-workflow.js';

/** Replaces the steps: a new version, signed. The caller answers for the keys of every step that they add or change. */
export async function setWorkflowSteps(ctx: RequestContext, input: SetWorkflowStepsInput): Promise<WorkflowOutcome> {
  return write(
    ctx,
    'setWorkflowSteps',
    input,
    async (tx) => {
      await holdMembership(tx, ctx.principal.organizationId);
      // Keys are locked before the workflow, and which ones shows only once its steps are known.
      const known = await mustFind(ctx, tx, input.id);
      const decision = must(ctx, 'edit', workflowSubject(known));
      if ((input.expectedVersion ?? known.version) !== known.version) throw versionChanged();
      const before = await readVersion(ctx, tx, known);
      const { steps, warnings } = await readSteps(ctx, tx, input.steps, { before });
      const workflow = await loadWorkflow(ctx, tx, input.id);
      if (workflow.version !== known.version) throw new TryAgain();

      const { organizationId, id, name } = workflow;
      const version = workflow.version + 1;
      const change = { version, updatedAt: ctx.now, updatedById: ctx.principal.id };
      await changeWorkflow(tx, ctx.writer, workflow, change);
      const saved = { organizationId, workflowId: id, version, steps, savedById: ctx.principal.id, savedAt: ctx.now };
      await writeVersion(tx, ctx.writer, saved);
      const outcome = await outcomeOf(ctx, tx, id, warnings);
      await recordAudit(tx, actorOf(ctx), {
        type: 'workflow.stepsChanged',
        subject: { type: 'Workflow', id, name },
        details: { version, ...stepsForAudit(steps) },
        decision,
      });
      return outcome;
    },
    keptById(ctx),
  );
}

const versionChanged = () => conflict('The steps have been changed since: their version is not the expected one.');
