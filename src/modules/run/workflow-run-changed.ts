import { notFound } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { findRun } from './load-run.js';
import { WorkflowRun } from './run.type.js';

/** One answer of the subscription: the run as it is now. Throws NOT_FOUND when it is absent or hidden. */
export async function workflowRunChanged(ctx: RequestContext, id: string): Promise<WorkflowRun> {
  const record = await findRun(ctx, id);
  if (record === null) throw notFound();
  return new WorkflowRun(record);
}

/** When there is something to answer: at once, then after every change of the run, until it has ended. */
export async function followWorkflowRun(ctx: RequestContext, id: string): Promise<AsyncIterable<void>> {
  const record = await findRun(ctx, id);
  if (record === null) throw notFound();
  const { runChanges } = ctx.services;
  const signal = ctx.subscription?.signal;
  if (signal === undefined) throw new Error('a run is followed by a subscription');
  return runChanges.follow(record.organizationId, record.id, signal);
}
