/** What verbs on one workflow return, and when it may be returned again. */
import type { Transaction } from '../../database/database.js';
import type { RequestContext } from '../../graphql/context.js';
import type { Memory } from '../../graphql/write.js';
import type { WorkflowId } from '../../ids.js';
import type { WorkflowWarning } from './check-keys.js';
import { mustFind, readWorkflow } from './load-workflow.js';
import type { WorkflowOutcome } from './workflow.type.js';

/** The workflow as it is after the writes of this transaction. */
export async function outcomeOf(
  ctx: RequestContext,
  tx: Transaction,
  id: WorkflowId,
  warnings: readonly WorkflowWarning[] = [],
): Promise<WorkflowOutcome> {
  const workflow = await readWorkflow(ctx, tx, id);
  if (workflow === null) throw new Error('the workflow vanished within its own transaction');
  return { workflow, warnings };
}

/** Of an outcome the workflow's id and the warnings are kept: a repeated request gets the workflow as it is now. */
export const keptById = (
  ctx: RequestContext,
): Memory<WorkflowOutcome, { readonly workflowId: WorkflowId; readonly warnings: readonly WorkflowWarning[] }> => ({
  keep: ({ workflow, warnings }) => ({ workflowId: workflow.id, warnings }),
  recall: async (tx, { workflowId, warnings }) => ({ workflow: await mustFind(ctx, tx, workflowId), warnings }),
});
