import { recordAudit } from '../../audit/audit-log.js';
import { TryAgain } from '../../database/database.js';
import { conflict } from '../../errors.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { holdMembership } from '../organization/membership.js';
import { holdWorkflow, mustFind, readVersion } from '../workflow/load-workflow.js';
import { workflowSubject } from '../workflow/workflow.record.js';
import { mustBeRunnable } from './may-run.js';
import { announce, keptById, readObject, requestRun } from './request-run.js';
import type { RunWorkflowInput } from './run.inputs.js';
import type { RunRecord } from './run.record.js';

/** Puts a run of the workflow's steps, as they are now, into the queue. The runner decides all of it again. */
export async function runWorkflow(ctx: RequestContext, input: RunWorkflowInput): Promise<RunRecord> {
  const run = await write(
    ctx,
    'runWorkflow',
    input,
    async (tx) => {
      await holdMembership(tx, ctx.principal.organizationId);
      const found = await mustFind(ctx, tx, input.workflowId);
      const decision = must(ctx, 'run', workflowSubject(found));
      const check = new InputCheck();
      const given = readObject(check, 'input.input', input.input);
      check.done();
      if (found.state === 'INACTIVE') throw conflict('The workflow is not active.');
      const steps = await readVersion(ctx, tx, found);
      await mustBeRunnable(ctx, tx, steps);
      // Keys are locked before the workflow: what they were looked up in may have changed meanwhile.
      const workflow = await holdWorkflow(ctx, tx, found.id);
      if (workflow.version !== found.version || workflow.state !== found.state) throw new TryAgain();

      const { id, version, name } = workflow;
      const queued = await requestRun(ctx, tx, {
        kind: 'WORKFLOW',
        workflowId: id,
        workflowVersion: version,
        steps,
        input: { input: given, steps: {} },
      });
      await recordAudit(tx, actorOf(ctx), {
        type: 'workflow.runRequested',
        subject: { type: 'Workflow', id, name },
        details: { runId: queued.id, version },
        decision,
      });
      return queued;
    },
    keptById(ctx),
  );
  announce(ctx, run);
  return run;
}
