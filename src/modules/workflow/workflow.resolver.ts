import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { SecretKey } from '../secret-key/secret-key.type.js';
import { activateWorkflow } from './activate-workflow.js';
import { createWorkflow } from './create-workflow.js';
import { deactivateWorkflow } from './deactivate-workflow.js';
import { deleteWorkflow } from './delete-workflow.js';
import { duplicateWorkflow } from './duplicate-workflow.js';
import { listWorkflows } from './list-workflows.js';
import { renameWorkflow } from './rename-workflow.js';
import { replaceSecretKeyReferences } from './replace-secret-key-references.js';
import { setWorkflowSteps } from './set-workflow-steps.js';
import { WorkflowStep } from './step.type.js';
import { viewerCan } from './viewer-can.js';
import { WorkflowAction, type WorkflowActionName } from './workflow.enums.js';
import {
  ActivateWorkflowInput,
  CreateWorkflowInput,
  DeactivateWorkflowInput,
  DeleteWorkflowInput,
  DuplicateWorkflowInput,
  RenameWorkflowInput,
  ReplaceSecretKeyReferencesInput,
  SetWorkflowStepsInput,
  WorkflowsArgs,
} from './workflow.inputs.js';
import { workflow } from './workflow.js';
import {
  ActivateWorkflowPayload,
  CreateWorkflowPayload,
  DeactivateWorkflowPayload,
  DeleteWorkflowPayload,
  DuplicateWorkflowPayload,
  RenameWorkflowPayload,
  ReplaceSecretKeyReferencesPayload,
  SetWorkflowStepsPayload,
  Workflow,
  WorkflowConnection,
  WorkflowSecretKey,
  WorkflowWarning,
} from './workflow.type.js';
import { visibleKey, workflowSecretKeys, workflowSteps } from './workflow-steps.js';

@Resolver(() => Workflow)
export class WorkflowResolver {
  @Query(() => WorkflowConnection, { description: 'The workflows of the organization.' })
  async workflows(@Ctx() ctx: RequestContext, @Args(() => WorkflowsArgs) args: WorkflowsArgs) {
    return new WorkflowConnection(await listWorkflows(ctx, args));
  }

  @Query(() => Workflow, {
    nullable: true,
    description: 'One workflow; null when it does not exist or the caller may not see it, the same.',
  })
  workflow(
    @Ctx() ctx: RequestContext,
    @Arg('id', () => ID, { description: 'The workflow.' }) id: string,
  ): Promise<Workflow | null> {
    return workflow(ctx, id);
  }

  @Mutation(() => CreateWorkflowPayload, {
    description: 'Creates a workflow. The caller must be allowed to use every key in its steps.',
  })
  async createWorkflow(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CreateWorkflowInput, { description: 'The workflow.' }) input: CreateWorkflowInput,
  ) {
    return new CreateWorkflowPayload(await createWorkflow(ctx, input));
  }

  @Mutation(() => RenameWorkflowPayload, { description: 'Changes the name and the description of a workflow.' })
  async renameWorkflow(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => RenameWorkflowInput, { description: 'The workflow and its new name.' })
    input: RenameWorkflowInput,
  ) {
    return new RenameWorkflowPayload(await renameWorkflow(ctx, input));
  }

  @Mutation(() => SetWorkflowStepsPayload, {
    description:
      'Replaces the steps of a workflow. The caller must be allowed to use every key in the steps that this adds or changes, and every key of the steps whose outputs these read, directly or through others.',
  })
  async setWorkflowSteps(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => SetWorkflowStepsInput, { description: 'The workflow and its new steps.' })
    input: SetWorkflowStepsInput,
  ) {
    return new SetWorkflowStepsPayload(await setWorkflowSteps(ctx, input));
  }

  @Mutation(() => ActivateWorkflowPayload, { description: 'Lets a workflow be run.' })
  async activateWorkflow(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => ActivateWorkflowInput, { description: 'The workflow.' }) input: ActivateWorkflowInput,
  ) {
    return new ActivateWorkflowPayload(await activateWorkflow(ctx, input));
  }

  @Mutation(() => DeactivateWorkflowPayload, { description: 'Keeps a workflow from being run.' })
  async deactivateWorkflow(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DeactivateWorkflowInput, { description: 'The workflow.' }) input: DeactivateWorkflowInput,
  ) {
    return new DeactivateWorkflowPayload(await deactivateWorkflow(ctx, input));
  }

  @Mutation(() => DuplicateWorkflowPayload, {
    description: 'Makes an inactive copy of a workflow. The caller must be allowed to use every key in its steps.',
  })
  async duplicateWorkflow(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DuplicateWorkflowInput, { description: 'The workflow and the name of the copy.' })
    input: DuplicateWorkflowInput,
  ) {
    return new DuplicateWorkflowPayload(await duplicateWorkflow(ctx, input));
  }

  @Mutation(() => DeleteWorkflowPayload, {
    description: 'Deletes a workflow and cancels its runs that have not ended. This cannot be undone.',
  })
  async deleteWorkflow(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DeleteWorkflowInput, { description: 'The workflow.' }) input: DeleteWorkflowInput,
  ) {
    return new DeleteWorkflowPayload(await deleteWorkflow(ctx, input));
  }

  @Mutation(() => ReplaceSecretKeyReferencesPayload, {
    description:
      'Puts one key in place of another in all workflows that the caller may edit. The caller becomes the editor of the steps that this changes.',
  })
  async replaceSecretKeyReferences(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => ReplaceSecretKeyReferencesInput, { description: 'Both keys.' })
    input: ReplaceSecretKeyReferencesInput,
  ) {
    return new ReplaceSecretKeyReferencesPayload(await replaceSecretKeyReferences(ctx, input));
  }

  @FieldResolver(() => [WorkflowStep], { description: 'The steps in the order in which they run.' })
  steps(@Ctx() ctx: RequestContext, @Root() root: Workflow): Promise<WorkflowStep[]> {
    return workflowSteps(ctx, root);
  }

  @FieldResolver(() => [WorkflowSecretKey], { description: 'Where its steps name keys.' })
  secretKeys(@Ctx() ctx: RequestContext, @Root() root: Workflow): Promise<WorkflowSecretKey[]> {
    return workflowSecretKeys(ctx, root);
  }

  @FieldResolver(() => [WorkflowAction], { description: 'What the caller may do with the workflow, beyond seeing it.' })
  viewerCan(@Ctx() ctx: RequestContext, @Root() root: Workflow): readonly WorkflowActionName[] {
    return viewerCan(ctx, root);
  }
}

@Resolver(() => WorkflowWarning)
export class WorkflowWarningResolver {
  @FieldResolver(() => SecretKey, { nullable: true, description: 'The key that it is about.' })
  secretKey(@Ctx() ctx: RequestContext, @Root() { secretKeyId }: WorkflowWarning): Promise<SecretKey | null> {
    return secretKeyId === null ? Promise.resolve(null) : visibleKey(ctx, secretKeyId);
  }
}
