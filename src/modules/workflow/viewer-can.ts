import type { RequestContext } from '../../graphql/context.js';
import { Governed } from '../../graphql/guard.js';
import { WorkflowAction, type WorkflowActionName } from './workflow.enums.js';
import type { Workflow } from './workflow.type.js';

/** What the caller may do with a workflow, so that a frontend greys out without guessing. The same decision as the verb's. */
export const viewerCan = (ctx: RequestContext, workflow: Workflow): WorkflowActionName[] =>
  Object.values(WorkflowAction).filter((action) => Governed.allows(workflow, ctx.authz.verdict(action, 'Workflow')));
