/** What a workflow's steps show: themselves with their editors, and the keys that they name. */
import type { RequestContext } from '../../graphql/context.js';
import { Governed } from '../../graphql/guard.js';
import type { SecretKeyId } from '../../ids.js';
import type { SecretKey } from '../secret-key/secret-key.type.js';
import { keysInSteps } from './keys-in-steps.js';
import { type WorkflowStep, workflowStep } from './step.type.js';
import { type Workflow, WorkflowSecretKey } from './workflow.type.js';

export async function workflowSteps(ctx: RequestContext, { record }: Workflow): Promise<WorkflowStep[]> {
  const steps = await ctx.loaders.stepsOfWorkflow.load(record.id);
  return Promise.all(
    steps.map(async (step) => workflowStep(record, step, await ctx.loaders.grantees.load(step.editedById))),
  );
}

export async function workflowSecretKeys(ctx: RequestContext, workflow: Workflow): Promise<WorkflowSecretKey[]> {
  const steps = await ctx.loaders.stepsOfWorkflow.load(workflow.record.id);
  return Promise.all(
    steps.flatMap((step) =>
      keysInSteps([step]).map(
        async ({ secretKeyId, place }) =>
          new WorkflowSecretKey(workflow, await visibleKey(ctx, secretKeyId), step.name, place),
      ),
    ),
  );
}

/** The key; null when it is none, absent or hidden. */
export async function visibleKey(ctx: RequestContext, id: SecretKeyId | null): Promise<SecretKey | null> {
  const key = id === null ? null : await ctx.loaders.secretKeys.load(id);
  return key !== null && Governed.allows(key, ctx.authz.verdict('read', 'SecretKey')) ? key : null;
}
