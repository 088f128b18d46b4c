import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { PageArgs } from '../../graphql/page.args.js';
import { MemberConnection } from '../member/member.type.js';
import { addGroupMember } from './add-group-member.js';
import { createGroup } from './create-group.js';
import { deleteGroup } from './delete-group.js';
import {
  AddGroupMemberInput,
  CreateGroupInput,
  DeleteGroupInput,
  GroupsArgs,
  RemoveGroupMemberInput,
  UpdateGroupInput,
} from './group.inputs.js';
import { group } from './group.js';
import {
  AddGroupMemberPayload,
  CreateGroupPayload,
  DeleteGroupPayload,
  Group,
  GroupConnection,
  RemoveGroupMemberPayload,
  UpdateGroupPayload,
} from './group.type.js';
import { listGroupMembers } from './list-group-members.js';
import { listGroups } from './list-groups.js';
import { removeGroupMember } from './remove-group-member.js';
import { updateGroup } from './update-group.js';

@Resolver(() => Group)
export class GroupResolver {
  @Query(() => GroupConnection, { description: 'The groups of the organization by name.' })
  async groups(@Ctx() ctx: RequestContext, @Args(() => GroupsArgs) args: GroupsArgs) {
    return new GroupConnection(await listGroups(ctx, args));
  }

  @Query(() => Group, {
    nullable: true,
    description: 'One group; null when it does not exist or the caller may not see it, the same.',
  })
  group(
    @Ctx() ctx: RequestContext,
    @Arg('id', () => ID, { description: 'The group.' }) id: string,
  ): Promise<Group | null> {
    return group(ctx, id);
  }

  @Mutation(() => CreateGroupPayload, { description: 'Creates a group without members.' })
  async createGroup(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CreateGroupInput, { description: 'The group.' }) input: CreateGroupInput,
  ) {
    return new CreateGroupPayload(await createGroup(ctx, input));
  }

  @Mutation(() => UpdateGroupPayload, { description: "Changes a group's name or description." })
  async updateGroup(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => UpdateGroupInput, { description: 'The group and what is new.' }) input: UpdateGroupInput,
  ) {
    return new UpdateGroupPayload(await updateGroup(ctx, input));
  }

  @Mutation(() => DeleteGroupPayload, {
    description:
      'Deletes a group and takes its grants from all keys. LAST_MANAGER, with `extensions.secretKeys`, when a key would be left without a manager.',
  })
  async deleteGroup(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DeleteGroupInput, { description: 'The group.' }) input: DeleteGroupInput,
  ) {
    return new DeleteGroupPayload(await deleteGroup(ctx, input));
  }

  @Mutation(() => AddGroupMemberPayload, {
    description: 'Puts a member into a group. Succeeds also when they are in it already.',
  })
  async addGroupMember(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => AddGroupMemberInput, { description: 'The group and the member.' }) input: AddGroupMemberInput,
  ) {
    return new AddGroupMemberPayload(await addGroupMember(ctx, input));
  }

  @Mutation(() => RemoveGroupMemberPayload, {
    description:
      'Takes a member out of a group. Succeeds also when they are not in it. LAST_MANAGER, with `extensions.secretKeys`, when a key would be left without a manager.',
  })
  async removeGroupMember(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => RemoveGroupMemberInput, { description: 'The group and the member.' })
    input: RemoveGroupMemberInput,
  ) {
    return new RemoveGroupMemberPayload(await removeGroupMember(ctx, input));
  }

  @FieldResolver(() => MemberConnection, {
    nullable: true,
    description:
      'Who is in the group by name, the deactivated ones included; for its members, administrators and auditors, null otherwise.',
  })
  async members(@Ctx() ctx: RequestContext, @Root() group: Group, @Args(() => PageArgs) args: PageArgs) {
    return new MemberConnection(await listGroupMembers(ctx, group, args));
  }

  @FieldResolver(() => Int, { description: 'How many are in the group, the deactivated ones included.' })
  memberCount(@Ctx() ctx: RequestContext, @Root() group: Group): Promise<number> {
    return ctx.loaders.memberCountOfGroup.load(group.record.id);
  }
}
