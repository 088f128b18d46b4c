import { recordAudit } from '../../audit/audit-log.js';
import { insertUnique } from '../../database/database.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { nameTaken } from './create-workflow.js';
import { loadWorkflow } from './load-workflow.js';
import { keptById, outcomeOf } from './outcome.js';
import { WorkflowEntity } from './workflow.entity.js';
import type { RenameWorkflowInput } from './workflow.inputs.js';
import { workflowSubject } from './workflow.record.js';
import type { WorkflowOutcome } from './workflow.type.js';

/** Changes the name, and the description when one is given. */
export async function renameWorkflow(ctx: RequestContext, input: RenameWorkflowInput): Promise<WorkflowOutcome> {
  return write(
    ctx,
    'renameWorkflow',
    input,
    async (tx) => {
      const workflow = await loadWorkflow(ctx, tx, input.id);
      const decision = must(ctx, 'rename', workflowSubject(workflow));
      const check = new InputCheck();
      const name = check.name('input.name', input.name);
      const description =
        input.description === undefined ? workflow.description : check.text('input.description', input.description);
      check.done();
      const { organizationId, id } = workflow;
      const change = {
        name,
        nameKey: foldName(name),
        description,
        updatedAt: ctx.now,
        updatedById: ctx.principal.id,
      };
      await insertUnique(() => tx.manager.update(WorkflowEntity, { organizationId, id }, change), nameTaken);
      const outcome = await outcomeOf(ctx, tx, id);
      await recordAudit(tx, actorOf(ctx), {
        type: 'workflow.renamed',
        subject: { type: 'Workflow', id, name },
        details: { formerName: workflow.name, descriptionChanged: description !== workflow.description },
        decision,
      });
      return outcome;
    },
    keptById(ctx),
  );
}
