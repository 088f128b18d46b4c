import { recordAudit } from '../../audit/audit-log.js';
import { insertUnique } from '../../database/database.js';
import { actorOf, must, mustCreate, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { newId, type StepId, type WorkflowId } from '../../ids.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { holdMembership } from '../organization/membership.js';
import { mustUseKeys } from './check-keys.js';
import { nameTaken } from './create-workflow.js';
import { keysInSteps } from './keys-in-steps.js';
import { mustFind, readVersion } from './load-workflow.js';
import { keptById, outcomeOf } from './outcome.js';
import type { StepDefinition } from './step-definition.js';
import type { KeyReference } from './step-reader.js';
import { stepsForAudit } from './steps-for-audit.js';
import type { DuplicateWorkflowInput } from './workflow.inputs.js';
import { workflowSubject } from './workflow.record.js';
import type { WorkflowOutcome } from './workflow.type.js';
import { writeVersion } from './write-version.js';
import { insertWorkflow } from './write-workflow.js';

/** Makes an inactive copy. The caller becomes the editor of every step of it, and must be allowed to use every key. */
export async function duplicateWorkflow(ctx: RequestContext, input: DuplicateWorkflowInput): Promise<WorkflowOutcome> {
  return write(
    ctx,
    'duplicateWorkflow',
    input,
    async (tx) => {
      const { organizationId, id: creatorId } = ctx.principal;
      await holdMembership(tx, organizationId);
      const original = await mustFind(ctx, tx, input.id);
      const decision = must(ctx, 'duplicate', workflowSubject(original));
      mustCreate(ctx, { type: 'Workflow', attributes: { organizationId, createdById: creatorId } });
      const check = new InputCheck();
      const name = check.name('input.name', input.name);
      check.done();
      const originals = await readVersion(ctx, tx, original);
      const steps = originals.map((step) => ({ ...step, id: newId<StepId>(ctx.now), editedById: creatorId }));
      const warnings = await mustUseKeys(ctx, tx, steps, keysOfCopy(steps));

      const id = newId<WorkflowId>(ctx.now);
      const { description } = original;
      await insertUnique(
        () =>
          insertWorkflow(tx, ctx.writer, {
            organizationId,
            id,
            name,
            nameKey: foldName(name),
            description,
            state: 'INACTIVE',
            version: 1,
            createdById: creatorId,
            createdAt: ctx.now,
            updatedById: creatorId,
            updatedAt: ctx.now,
            deletedAt: null,
          }),
        nameTaken,
      );
      const saved = { organizationId, workflowId: id, version: 1, steps, savedById: creatorId, savedAt: ctx.now };
      await writeVersion(tx, ctx.writer, saved);
      const outcome = await outcomeOf(ctx, tx, id, warnings);
      await recordAudit(tx, actorOf(ctx), {
        type: 'workflow.duplicated',
        subject: { type: 'Workflow', id, name },
        details: { of: { id: original.id, name: original.name }, version: 1, ...stepsForAudit(steps) },
        decision,
      });
      return outcome;
    },
    keptById(ctx),
  );
}

/** The keys of the copy. The input has no field for any of them but the workflow itself. */
const keysOfCopy = (steps: readonly StepDefinition[]): KeyReference[] =>
  steps.flatMap((step, stepIndex) =>
    keysInSteps([step]).map(({ secretKeyId, place }) => ({
      secretKeyId,
      stepIndex,
      field: { path: 'input.id', place },
      position: `step ${step.name}, ${place}`,
    })),
  );
