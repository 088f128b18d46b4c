/** Inputs of the workflow operations. Their contents are checked by the verbs, which name the fields. */
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { SortDirection } from '../../graphql/keyset.js';
import { PageArgs } from '../../graphql/page.args.js';
import { RepeatableInput } from '../../graphql/repeatable.input.js';
import { OrderDirection } from '../secret-key/secret-key.enums.js';
import { StepInput } from './step.inputs.js';
import type { WorkflowState as State } from './workflow.entity.js';
import { WorkflowOrderField, type WorkflowOrderFieldName, WorkflowState } from './workflow.enums.js';

@InputType({ description: 'A new workflow.' })
export class CreateWorkflowInput extends RepeatableInput {
  @Field({ description: '1 to 120 characters; unique in the organization without regard to case.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'What the workflow is for. At most 1,000 characters.' })
  description?: string | null;
  @Field(() => [StepInput], { nullable: true, description: 'Its steps in the order in which they run. At most 50.' })
  steps?: StepInput[] | null;
  @Field(() => Boolean, { nullable: true, defaultValue: false, description: 'True makes it an active one.' })
  activate?: boolean | null;
}

@InputType({ description: 'A new name for a workflow.' })
export class RenameWorkflowInput extends RepeatableInput {
  @Field(() => ID, { description: 'The workflow.' })
  id!: string;
  @Field({ description: '1 to 120 characters; unique in the organization without regard to case.' })
  name!: string;
  @Field(() => String, {
    nullable: true,
    description: 'A new description; omitted keeps the old one, null removes it.',
  })
  description?: string | null;
}

@InputType({ description: 'New steps for a workflow.' })
export class SetWorkflowStepsInput extends RepeatableInput {
  @Field(() => ID, { description: 'The workflow.' })
  id!: string;
  @Field(() => [StepInput], {
    description:
      'Replaces all steps, at most 50. One with the `id` of a step stays that step, and keeps its editor when nothing in it changed and it reads the same steps; the caller becomes the editor of every other.',
  })
  steps!: StepInput[];
  @Field(() => Int, {
    nullable: true,
    description: 'The `version` that the caller knows; CONFLICT when it is no longer the current one.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'A workflow to activate.' })
export class ActivateWorkflowInput extends RepeatableInput {
  @Field(() => ID, { description: 'The workflow.' })
  id!: string;
}

@InputType({ description: 'A workflow to deactivate.' })
export class DeactivateWorkflowInput extends RepeatableInput {
  @Field(() => ID, { description: 'The workflow. Runs that have begun go on.' })
  id!: string;
}

@InputType({ description: 'A workflow to copy.' })
export class DuplicateWorkflowInput extends RepeatableInput {
  @Field(() => ID, { description: 'The workflow.' })
  id!: string;
  @Field({ description: 'The name of the copy: 1 to 120 characters, unique without regard to case.' })
  name!: string;
}

@InputType({ description: 'A workflow to delete.' })
export class DeleteWorkflowInput extends RepeatableInput {
  @Field(() => ID, { description: 'The workflow. Its runs that have not ended are cancelled; this cannot be undone.' })
  id!: string;
}

@InputType({ description: 'A key that takes the place of another one.' })
export class ReplaceSecretKeyReferencesInput extends RepeatableInput {
  @Field(() => ID, { description: 'The key that steps name now. It may be a deleted one.' })
  from!: string;
  @Field(() => ID, { description: 'The key that they shall name, which the caller must be allowed to use.' })
  to!: string;
}

@InputType({ description: 'Narrows a list of workflows. Everything given must hold.' })
export class WorkflowFilter {
  @Field(() => String, {
    nullable: true,
    description: 'Part of the name, without regard to case. At most 120 characters.',
  })
  search?: string | null;
  @Field(() => WorkflowState, { nullable: true, description: 'Only those in this state.' })
  state?: State | null;
  @Field(() => ID, { nullable: true, description: 'Only those with a step that names this key.' })
  secretKeyId?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'True: only those that the caller created.' })
  createdByMe?: boolean | null;
}

@InputType({ description: 'The order of a list of workflows.' })
export class WorkflowOrder {
  @Field(() => WorkflowOrderField, { description: 'What it is ordered by.' })
  field!: WorkflowOrderFieldName;
  @Field(() => OrderDirection, { nullable: true, defaultValue: 'ASC', description: 'Which end comes first.' })
  direction?: SortDirection | null;
}

@ArgsType()
export class WorkflowsArgs extends PageArgs {
  @Field(() => WorkflowFilter, { nullable: true, description: 'Narrows the list.' })
  filter?: WorkflowFilter | null;
  @Field(() => WorkflowOrder, { nullable: true, description: 'By name when omitted.' })
  orderBy?: WorkflowOrder | null;
}
