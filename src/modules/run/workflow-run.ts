import type { RequestContext } from '../../graphql/context.js';
import { findRun } from './load-run.js';
import { WorkflowRun } from './run.type.js';

/** One run, or null when it is absent or hidden. */
export async function workflowRun(ctx: RequestContext, id: string): Promise<WorkflowRun | null> {
  const record = await findRun(ctx, id);
  return record && new WorkflowRun(record);
}
