import type { RequestContext } from '../../graphql/context.js';
import { Governed } from '../../graphql/guard.js';
import type { WorkflowRunActionName } from './run.enums.js';
import { hasEnded } from './run.record.js';
import type { WorkflowRun } from './run.type.js';

/** What the caller may do with a run. The same decision as the verb's. */
export const viewerCan = (ctx: RequestContext, run: WorkflowRun): WorkflowRunActionName[] =>
  !hasEnded(run.record) && Governed.allows(run, ctx.authz.verdict('cancel', 'WorkflowRun')) ? ['cancel'] : [];
