import type { RequestContext } from '../../graphql/context.js';
import { setState } from './set-state.js';
import type { DeactivateWorkflowInput } from './workflow.inputs.js';
import type { WorkflowOutcome } from './workflow.type.js';

/** Keeps a workflow from being run. Runs that were asked for before go on. */
export function deactivateWorkflow(ctx: RequestContext, input: DeactivateWorkflowInput): Promise<WorkflowOutcome> {
  return setState(ctx, input, 'INACTIVE');
}
