import { recordAudit } from '../../audit/audit-log.js';
import type { Decision } from '../../authz/index.js';
import type { Transaction } from '../../database/database.js';
import { actorOf, must, mustCreate, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { holdMembership } from '../organization/membership.js';
import { holdWorkflow, mustFind, readVersion } from '../workflow/load-workflow.js';
import { readSteps } from '../workflow/read-steps.js';
import { type WorkflowRecord, workflowSubject } from '../workflow/workflow.record.js';
import { auditSubjectOf } from './audit-subject.js';
import { mustBeRunnable } from './may-run.js';
import { announce, keptById, readObject, requestRun } from './request-run.js';
import type { TestActionInput } from './run.inputs.js';
import type { RunRecord } from './run.record.js';

/** Puts a run of one step into the queue. What saving the step takes, it takes too, and what running it takes. */
export async function testAction(ctx: RequestContext, input: TestActionInput): Promise<RunRecord> {
  const run = await write(ctx, 'testAction', input, (tx) => test(ctx, tx, input), keptById(ctx));
  announce(ctx, run);
  return run;
}

async function test(ctx: RequestContext, tx: Transaction, input: TestActionInput): Promise<RunRecord> {
  await holdMembership(tx, ctx.principal.organizationId);
  const workflow = typeof input.workflowId === 'string' ? await mustFind(ctx, tx, input.workflowId) : null;
  const decision = mustTest(ctx, workflow);
  const check = new InputCheck();
  const given = readObject(check, 'input.input', input.input);
  const outputs = readObject(check, 'input.previousOutputs', input.previousOutputs);
  check.done();
  const { steps } = await readSteps(ctx, tx, [input.step], {
    before: workflow === null ? [] : await readVersion(ctx, tx, workflow),
    earlier: Object.keys(outputs),
    pathOf: () => 'input.step',
  });
  await mustBeRunnable(ctx, tx, steps);
  // Keys are locked before the workflow, which may have been deleted meanwhile.
  if (workflow !== null) await holdWorkflow(ctx, tx, workflow.id);

  const queued = await requestRun(ctx, tx, {
    kind: 'TEST',
    workflowId: workflow?.id ?? null,
    workflowVersion: null,
    steps,
    input: { input: given, steps: outputs },
  });
  await recordAudit(tx, actorOf(ctx), {
    type: 'workflow.actionTested',
    subject: await auditSubjectOf(tx, queued),
    details: { runId: queued.id, action: steps[0]?.type },
    decision,
  });
  return queued;
}

/** A step that is for no workflow yet is for one that the caller could create. */
function mustTest(ctx: RequestContext, workflow: WorkflowRecord | null): Decision {
  if (workflow !== null) {
    const subject = workflowSubject(workflow);
    must(ctx, 'edit', subject);
    return must(ctx, 'run', subject);
  }
  const { organizationId, id: createdById } = ctx.principal;
  const subject = { type: 'Workflow', attributes: { organizationId, createdById } };
  mustCreate(ctx, subject);
  return must(ctx, 'run', subject);
}
