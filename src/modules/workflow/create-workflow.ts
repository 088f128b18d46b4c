import { recordAudit } from '../../audit/audit-log.js';
import { insertUnique } from '../../database/database.js';
import { conflict } from '../../errors.js';
import { actorOf, mustCreate, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { newId, type WorkflowId } from '../../ids.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { holdMembership } from '../organization/membership.js';
import { keptById, outcomeOf } from './outcome.js';
import { readSteps } from './read-steps.js';
import { stepsForAudit } from './steps-for-audit.js';
import type { WorkflowState } from './workflow.entity.js';
import type { CreateWorkflowInput } from './workflow.inputs.js';
import type { WorkflowOutcome } from './workflow.type.js';
import { writeVersion } from './write-version.js';
import { insertWorkflow } from './write-workflow.js';

export const nameTaken = () => conflict('A workflow with this name exists in the organization.');

/** Creates a workflow, inactive unless told otherwise. The caller is the editor of every step, and must be allowed to use every key. */
export async function createWorkflow(ctx: RequestContext, input: CreateWorkflowInput): Promise<WorkflowOutcome> {
  const { organizationId, id: creatorId } = ctx.principal;
  const decision = mustCreate(ctx, { type: 'Workflow', attributes: { organizationId, createdById: creatorId } });
  const check = new InputCheck();
  const name = check.name('input.name', input.name);
  const description = check.text('input.description', input.description);
  check.done();
  return write(
    ctx,
    'createWorkflow',
    input,
    async (tx) => {
      await holdMembership(tx, organizationId);
      const { steps, warnings } = await readSteps(ctx, tx, input.steps ?? []);
      const id = newId<WorkflowId>(ctx.now);
      const state: WorkflowState = input.activate ? 'ACTIVE' : 'INACTIVE';
      const workflow = {
        organizationId,
        id,
        name,
        nameKey: foldName(name),
        description,
        state,
        version: 1,
        createdById: creatorId,
        createdAt: ctx.now,
        updatedById: creatorId,
        updatedAt: ctx.now,
        deletedAt: null,
      };
      await insertUnique(() => insertWorkflow(tx, ctx.writer, workflow), nameTaken);
      const saved = { organizationId, workflowId: id, version: 1, steps, savedById: creatorId, savedAt: ctx.now };
      await writeVersion(tx, ctx.writer, saved);
      const outcome = await outcomeOf(ctx, tx, id, warnings);
      await recordAudit(tx, actorOf(ctx), {
        type: 'workflow.created',
        subject: { type: 'Workflow', id, name },
        details: { state, version: 1, ...stepsForAudit(steps) },
        decision,
      });
      return outcome;
    },
    keptById(ctx),
  );
}
