/** Inputs of the custom role operations. Their contents are checked by the verbs, which name the fields. */
import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '../../graphql/page.args.js';
import { RepeatableInput } from '../../graphql/repeatable.input.js';

@ArgsType()
export class CustomRolesArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of a name. At most 120 characters.' })
  search?: string | null;
}

@InputType({ description: 'A new custom role, which nobody has yet.' })
export class CreateCustomRoleInput extends RepeatableInput {
  @Field({ description: '1 to 120 characters; unique in the organization without regard to case.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'What the role is for. At most 1,000 characters.' })
  description?: string | null;
  @Field(() => [String], { description: 'What it is composed of: names of `permissionSets`, at least one.' })
  permissionSets!: string[];
}

@InputType({ description: 'What is new about a custom role.' })
export class UpdateCustomRoleInput extends RepeatableInput {
  @Field(() => ID, { description: 'The role.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'A new name, 1 to 120 characters; omitted keeps the old one.' })
  name?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'A new description, at most 1,000 characters; omitted keeps the old one, null removes it.',
  })
  description?: string | null;
  @Field(() => [String], {
    nullable: true,
    description: 'What it is composed of from now on, for everyone who has it; omitted keeps it as it is.',
  })
  permissionSets?: string[] | null;
}

@InputType({ description: 'A custom role to delete.' })
export class DeleteCustomRoleInput extends RepeatableInput {
  @Field(() => ID, { description: 'The role. It is taken from everyone who has it; this cannot be undone.' })
  id!: string;
}

@InputType({ description: 'A custom role, and a person or a service account.' })
export class CustomRoleHolderInput extends RepeatableInput {
  @Field(() => ID, { description: 'The role.' })
  customRoleId!: string;
  @Field(() => ID, { description: 'The person or the service account.' })
  granteeId!: string;
}
