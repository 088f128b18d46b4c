import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Mutation,
  Query,
  Resolver,
  Root,
  Subscription,
} from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { PageArgs, ShortPageArgs } from '../../graphql/page.args.js';
import { JSONValue } from '../../graphql/scalars.js';
import { Grantee } from '../organization/grantee.type.js';
import { SecretKey } from '../secret-key/secret-key.type.js';
import { Workflow } from '../workflow/workflow.type.js';
import { cancelRun } from './cancel-run.js';
import { listWorkflowRuns } from './list-workflow-runs.js';
import { WorkflowRunAction, type WorkflowRunActionName } from './run.enums.js';
import { CancelRunInput, RunWorkflowInput, TestActionInput, WorkflowRunFilter } from './run.inputs.js';
import {
  CancelRunPayload,
  RunWorkflowPayload,
  TestActionPayload,
  WorkflowRun,
  WorkflowRunConnection,
  WorkflowRunError,
  WorkflowRunLogLine,
  WorkflowRunRedaction,
  WorkflowRunStep,
} from './run.type.js';
import type { JsonValue } from './run-input.js';
import { runInput, runStarter, runSteps, runWorkflowOf, stepLogs, stepOutput, visibleKey } from './run-parts.js';
import { runWorkflow } from './run-workflow.js';
import { testAction } from './test-action.js';
import { viewerCan } from './viewer-can.js';
import { workflowRun } from './workflow-run.js';
import { followWorkflowRun, workflowRunChanged } from './workflow-run-changed.js';

@ArgsType()
class WorkflowRunsArgs extends PageArgs {
  @Field(() => WorkflowRunFilter, { nullable: true, description: 'Narrows the list.' })
  filter?: WorkflowRunFilter | null;
}

@Resolver(() => WorkflowRun)
export class WorkflowRunResolver {
  @Query(() => WorkflowRunConnection, { description: 'The runs of the organization, the latest first.' })
  async workflowRuns(@Ctx() ctx: RequestContext, @Args(() => WorkflowRunsArgs) args: WorkflowRunsArgs) {
    return new WorkflowRunConnection(await listWorkflowRuns(ctx, args));
  }

  @Query(() => WorkflowRun, {
    nullable: true,
    description: 'One run; null when it does not exist or the caller may not see it, the same.',
  })
  workflowRun(
    @Ctx() ctx: RequestContext,
    @Arg('id', () => ID, { description: 'The run.' }) id: string,
  ): Promise<WorkflowRun | null> {
    return workflowRun(ctx, id);
  }

  @Mutation(() => RunWorkflowPayload, {
    description:
      'Starts a workflow as soon as a runner is free. The caller must be allowed to use every key in it. CONFLICT when a key that they see has expired; FORBIDDEN when one may not be used or is gone, with `secretKeys`, those that they see, and `otherSecretKeyCount`.',
  })
  async runWorkflow(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => RunWorkflowInput, { description: 'The workflow and what it starts with.' })
    input: RunWorkflowInput,
  ) {
    return new RunWorkflowPayload(await runWorkflow(ctx, input));
  }

  @Mutation(() => TestActionPayload, { description: 'Runs one step by itself, as soon as a runner is free.' })
  async testAction(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => TestActionInput, { description: 'The step and what it starts with.' }) input: TestActionInput,
  ) {
    return new TestActionPayload(await testAction(ctx, input));
  }

  @Mutation(() => CancelRunPayload, {
    description:
      'Stops a run. One that waits is over at once; one at work begins no step and no request more, and what it has sent may have arrived.',
  })
  async cancelRun(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CancelRunInput, { description: 'The run.' }) input: CancelRunInput,
  ) {
    return new CancelRunPayload(await cancelRun(ctx, input));
  }

  @Subscription(() => WorkflowRun, {
    subscribe: ({ args, context }) => followWorkflowRun(context as RequestContext, (args as { id: string }).id),
    description:
      'The run as it is now, and again after each change until it has ended. Sent to /graphql/stream, answered by server-sent events.',
  })
  workflowRunChanged(
    @Ctx() ctx: RequestContext,
    @Arg('id', () => ID, { description: 'The run.' }) id: string,
  ): Promise<WorkflowRun> {
    return workflowRunChanged(ctx, id);
  }

  @FieldResolver(() => Workflow, {
    nullable: true,
    description: 'What was run; null for a test of a step that is in no workflow, and when the workflow was deleted.',
  })
  workflow(@Ctx() ctx: RequestContext, @Root() run: WorkflowRun): Promise<Workflow | null> {
    return runWorkflowOf(ctx, run);
  }

  @FieldResolver(() => Grantee, { nullable: true, description: 'Who started it.' })
  startedBy(@Ctx() ctx: RequestContext, @Root() run: WorkflowRun): Promise<Grantee | null> {
    return runStarter(ctx, run);
  }

  @FieldResolver(() => JSONValue, {
    nullable: true,
    description:
      'What it started with, redacted when it has ended; for who started it, who created the workflow and administrators, null otherwise.',
  })
  input(@Ctx() ctx: RequestContext, @Root() run: WorkflowRun): Promise<JsonValue> {
    return runInput(ctx, run);
  }

  @FieldResolver(() => [WorkflowRunStep], { description: 'Its steps, in their order.' })
  steps(@Ctx() ctx: RequestContext, @Root() run: WorkflowRun): Promise<WorkflowRunStep[]> {
    return runSteps(ctx, run);
  }

  @FieldResolver(() => [WorkflowRunAction], { description: 'What the caller may do with the run, beyond seeing it.' })
  viewerCan(@Ctx() ctx: RequestContext, @Root() run: WorkflowRun): readonly WorkflowRunActionName[] {
    return viewerCan(ctx, run);
  }
}

@Resolver(() => WorkflowRunStep)
export class WorkflowRunStepResolver {
  @FieldResolver(() => JSONValue, {
    nullable: true,
    description:
      'What it gives to later steps, redacted; for who started the run, who created the workflow and administrators, null otherwise.',
  })
  output(@Ctx() ctx: RequestContext, @Root() step: WorkflowRunStep): Promise<JsonValue> {
    return stepOutput(ctx, step);
  }

  @FieldResolver(() => [WorkflowRunLogLine], {
    nullable: true,
    description: 'What its code wrote, redacted; for those who may see its output, null otherwise.',
  })
  logs(@Ctx() ctx: RequestContext, @Root() step: WorkflowRunStep): Promise<WorkflowRunLogLine[]> {
    return stepLogs(ctx, step);
  }
}

@Resolver(() => WorkflowRunError)
export class WorkflowRunErrorResolver {
  @FieldResolver(() => SecretKey, {
    nullable: true,
    description: 'The key that it is about; null when it is about none, or about one that the caller may not see.',
  })
  secretKey(@Ctx() ctx: RequestContext, @Root() error: WorkflowRunError): Promise<SecretKey | null> {
    return visibleKey(ctx, error.secretKeyId);
  }
}

@Resolver(() => WorkflowRunRedaction)
export class WorkflowRunRedactionResolver {
  @FieldResolver(() => SecretKey, {
    nullable: true,
    description: 'The key whose value it was; null when the caller may not see it.',
  })
  secretKey(@Ctx() ctx: RequestContext, @Root() redaction: WorkflowRunRedaction): Promise<SecretKey | null> {
    return visibleKey(ctx, redaction.secretKeyId);
  }
}

@Resolver(() => Workflow)
export class RunsOfWorkflowResolver {
  @FieldResolver(() => WorkflowRunConnection, {
    description: 'The runs of the workflow and the tests of its steps, the latest first.',
  })
  async runs(@Ctx() ctx: RequestContext, @Root() workflow: Workflow, @Args(() => ShortPageArgs) args: ShortPageArgs) {
    return new WorkflowRunConnection(await listWorkflowRuns(ctx, { ...args, filter: { workflowId: workflow.id } }));
  }
}
