import type { RequestContext } from '../../graphql/context.js';
import { setState } from './set-state.js';
import type { ActivateWorkflowInput } from './workflow.inputs.js';
import type { WorkflowOutcome } from './workflow.type.js';

/** Lets a workflow be run. */
export function activateWorkflow(ctx: RequestContext, input: ActivateWorkflowInput): Promise<WorkflowOutcome> {
  return setState(ctx, input, 'ACTIVE');
}
