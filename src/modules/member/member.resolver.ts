import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { Group } from '../group/group.type.js';
import { addMember } from './add-member.js';
import { deactivateMember } from './deactivate-member.js';
import { listMembers } from './list-members.js';
import {
  AddMemberInput,
  DeactivateMemberInput,
  MembersArgs,
  ReactivateMemberInput,
  SetMemberRoleInput,
  UpdateMemberInput,
} from './member.inputs.js';
import { member } from './member.js';
import {
  AddMemberPayload,
  DeactivateMemberPayload,
  Member,
  MemberConnection,
  MemberIdentity,
  ReactivateMemberPayload,
  SetMemberRolePayload,
  UpdateMemberPayload,
} from './member.type.js';
import { memberGroups } from './member-groups.js';
import { memberIdentities } from './member-identities.js';
import { reactivateMember } from './reactivate-member.js';
import { setMemberRole } from './set-member-role.js';
import { updateMember } from './update-member.js';

@Resolver(() => Member)
export class MemberResolver {
  @Query(() => MemberConnection, {
    description: 'The people of the organization by name, the deactivated ones included.',
  })
  async members(@Ctx() ctx: RequestContext, @Args(() => MembersArgs) args: MembersArgs) {
    return new MemberConnection(await listMembers(ctx, args));
  }

  @Query(() => Member, {
    nullable: true,
    description: 'One member; null when they do not exist or the caller may not see them, the same.',
  })
  member(
    @Ctx() ctx: RequestContext,
    @Arg('id', () => ID, { description: 'The member.' }) id: string,
  ): Promise<Member | null> {
    return member(ctx, id);
  }

  @Mutation(() => AddMemberPayload, {
    description:
      'Adds a person, who signs in with the given identity. CONFLICT when that identity is a member already.',
  })
  async addMember(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => AddMemberInput, { description: 'The person.' }) input: AddMemberInput,
  ) {
    return new AddMemberPayload(await addMember(ctx, input));
  }

  @Mutation(() => UpdateMemberPayload, { description: "Changes a member's name or address." })
  async updateMember(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => UpdateMemberInput, { description: 'The member and what is new.' }) input: UpdateMemberInput,
  ) {
    return new UpdateMemberPayload(await updateMember(ctx, input));
  }

  @Mutation(() => SetMemberRolePayload, {
    description:
      'Gives a member a role. LAST_MANAGER when the organization would be without an active administrator, or a key without a manager; then with `extensions.secretKeys`.',
  })
  async setMemberRole(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => SetMemberRoleInput, { description: 'The member and the role.' }) input: SetMemberRoleInput,
  ) {
    return new SetMemberRolePayload(await setMemberRole(ctx, input));
  }

  @Mutation(() => DeactivateMemberPayload, {
    description:
      'Lets a member sign in no longer; groups and grants are kept. LAST_MANAGER when the organization would be without an active administrator, or a key without a manager; then with `extensions.secretKeys`.',
  })
  async deactivateMember(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DeactivateMemberInput, { description: 'The member.' }) input: DeactivateMemberInput,
  ) {
    return new DeactivateMemberPayload(await deactivateMember(ctx, input));
  }

  @Mutation(() => ReactivateMemberPayload, {
    description: 'Lets a deactivated member sign in again, with the role, groups and grants that they had.',
  })
  async reactivateMember(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => ReactivateMemberInput, { description: 'The member.' }) input: ReactivateMemberInput,
  ) {
    return new ReactivateMemberPayload(await reactivateMember(ctx, input));
  }

  @FieldResolver(() => [Group], {
    nullable: true,
    description: 'The groups that they are in, by name; for the member, administrators and auditors, null otherwise.',
  })
  groups(@Ctx() ctx: RequestContext, @Root() member: Member): Promise<Group[]> {
    return memberGroups(ctx, member);
  }

  @FieldResolver(() => [MemberIdentity], {
    nullable: true,
    description: 'The identities that they sign in with; for the member, administrators and auditors, null otherwise.',
  })
  identities(@Ctx() ctx: RequestContext, @Root() member: Member): Promise<MemberIdentity[]> {
    return memberIdentities(ctx, member);
  }
}
