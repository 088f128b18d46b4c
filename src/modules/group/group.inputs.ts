/** Inputs of the group operations. Their contents are checked by the verbs, which name the fields. */
import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '../../graphql/page.args.js';
import { RepeatableInput } from '../../graphql/repeatable.input.js';

@ArgsType()
export class GroupsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of a name. At most 120 characters.' })
  search?: string | null;
}

@InputType({ description: 'A new group, without members.' })
export class CreateGroupInput extends RepeatableInput {
  @Field({ description: '1 to 120 characters; unique among the groups of the organization without regard to case.' })
  name!: string;
  @Field(() => String, { nullable: true, description: 'What the group is for. At most 1,000 characters.' })
  description?: string | null;
}

@InputType({ description: 'A new name or description for a group.' })
export class UpdateGroupInput extends RepeatableInput {
  @Field(() => ID, { description: 'The group.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'A new name, 1 to 120 characters; omitted keeps the old one.' })
  name?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'A new description, at most 1,000 characters; omitted keeps the old one, null removes it.',
  })
  description?: string | null;
}

@InputType({ description: 'A group to delete.' })
export class DeleteGroupInput extends RepeatableInput {
  @Field(() => ID, { description: 'The group. Its grants are taken from all keys; this cannot be undone.' })
  id!: string;
}

@InputType({ description: 'A member to put into a group.' })
export class AddGroupMemberInput extends RepeatableInput {
  @Field(() => ID, { description: 'The group.' })
  groupId!: string;
  @Field(() => ID, { description: 'The member.' })
  memberId!: string;
}

@InputType({ description: 'A member to take out of a group.' })
export class RemoveGroupMemberInput extends RepeatableInput {
  @Field(() => ID, { description: 'The group.' })
  groupId!: string;
  @Field(() => ID, { description: 'The member.' })
  memberId!: string;
}
