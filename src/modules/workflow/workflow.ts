import type { RequestContext } from '../../graphql/context.js';
import { findWorkflow } from './load-workflow.js';
import { Workflow } from './workflow.type.js';

/** One workflow, or null when it is absent or hidden. */
export async function workflow(ctx: RequestContext, id: string): Promise<Workflow | null> {
  const found = await findWorkflow(ctx, ctx.database, id);
  return found && new Workflow(found);
}
