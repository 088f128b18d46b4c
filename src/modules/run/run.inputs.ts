/** Inputs of the run operations. Their contents are checked by the verbs, which name the fields. */
import { Field, ID, InputType } from 'type-graphql';
import { RepeatableInput } from '../../graphql/repeatable.input.js';
import { JSONValue } from '../../graphql/scalars.js';
import { StepInput } from '../workflow/step.inputs.js';
import type { RunKind, RunState } from './run.entity.js';
import { WorkflowRunKind, WorkflowRunState } from './run.enums.js';
import type { JsonValue } from './run-input.js';

@InputType({ description: 'A run of a workflow.' })
export class RunWorkflowInput extends RepeatableInput {
  @Field(() => ID, { description: 'The workflow. It must be active.' })
  workflowId!: string;
  @Field(() => JSONValue, {
    nullable: true,
    description: 'An object, whose members the steps refer to as `{{ input.name }}`; empty when omitted.',
  })
  input?: JsonValue;
}

@InputType({ description: 'A test of one step, which need not have been saved.' })
export class TestActionInput extends RepeatableInput {
  @Field(() => StepInput, { description: 'The step. The same is checked as when it is saved and run.' })
  step!: StepInput;
  @Field(() => ID, {
    nullable: true,
    description: 'The workflow that the step is for, active or not; omitted while it has not been created.',
  })
  workflowId?: string | null;
  @Field(() => JSONValue, {
    nullable: true,
    description: 'An object, whose members the step refers to as `{{ input.name }}`; empty when omitted.',
  })
  input?: JsonValue;
  @Field(() => JSONValue, {
    nullable: true,
    description: 'An object: the outputs of earlier steps by the name of the step, as if they had run.',
  })
  previousOutputs?: JsonValue;
}

@InputType({ description: 'A run to cancel.' })
export class CancelRunInput extends RepeatableInput {
  @Field(() => ID, { description: 'The run.' })
  id!: string;
}

@InputType({ description: 'Narrows a list of runs. Everything given must hold.' })
export class WorkflowRunFilter {
  @Field(() => ID, { nullable: true, description: 'Only runs of this workflow, and tests of its steps.' })
  workflowId?: string | null;
  @Field(() => [WorkflowRunState], { nullable: true, description: 'Only runs in one of these states.' })
  states?: RunState[] | null;
  @Field(() => Boolean, { nullable: true, description: 'Only runs that the caller started.' })
  startedByMe?: boolean | null;
  @Field(() => WorkflowRunKind, { nullable: true, description: 'Only runs of this kind.' })
  kind?: RunKind | null;
}
