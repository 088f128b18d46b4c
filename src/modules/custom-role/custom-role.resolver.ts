import { Arg, Args, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { ShortPageArgs } from '../../graphql/page.args.js';
import { Member } from '../member/member.type.js';
import { Grantee, GranteeConnection } from '../organization/grantee.type.js';
import { createdBy } from '../service-account/created-by.js';
import { ServiceAccount } from '../service-account/service-account.type.js';
import { assignCustomRole } from './assign-custom-role.js';
import { createCustomRole } from './create-custom-role.js';
import {
  CreateCustomRoleInput,
  CustomRoleHolderInput,
  CustomRolesArgs,
  DeleteCustomRoleInput,
  UpdateCustomRoleInput,
} from './custom-role.inputs.js';
import { customRole } from './custom-role.js';
import {
  AssignCustomRolePayload,
  CreateCustomRolePayload,
  CustomRole,
  CustomRoleConnection,
  DeleteCustomRolePayload,
  PermissionSet,
  UnassignCustomRolePayload,
  UpdateCustomRolePayload,
} from './custom-role.type.js';
import { customRoleHolders } from './custom-role-holders.js';
import { customRolesHeldBy } from './custom-roles-held-by.js';
import { deleteCustomRole } from './delete-custom-role.js';
import { listCustomRoles } from './list-custom-roles.js';
import { permissionSets } from './permission-sets.js';
import { unassignCustomRole } from './unassign-custom-role.js';
import { updateCustomRole } from './update-custom-role.js';

@Resolver(() => CustomRole)
export class CustomRoleResolver {
  @Query(() => [PermissionSet], {
    description: 'What the policies offer custom roles to be composed of. A role can never do more than these say.',
  })
  permissionSets(@Ctx() ctx: RequestContext): PermissionSet[] {
    return permissionSets(ctx);
  }

  @Query(() => CustomRoleConnection, { description: 'The custom roles of the organization by name.' })
  async customRoles(@Ctx() ctx: RequestContext, @Args(() => CustomRolesArgs) args: CustomRolesArgs) {
    return new CustomRoleConnection(await listCustomRoles(ctx, args));
  }

  @Query(() => CustomRole, {
    nullable: true,
    description: 'One custom role; null when it does not exist or the caller may not see it, the same.',
  })
  customRole(
    @Ctx() ctx: RequestContext,
    @Arg('id', () => ID, { description: 'The role.' }) id: string,
  ): Promise<CustomRole | null> {
    return customRole(ctx, id);
  }

  @Mutation(() => CreateCustomRolePayload, {
    description: 'Composes a custom role of permission sets that the policies offer. Nobody has it yet.',
  })
  async createCustomRole(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CreateCustomRoleInput, { description: 'The role.' }) input: CreateCustomRoleInput,
  ) {
    return new CreateCustomRolePayload(await createCustomRole(ctx, input));
  }

  @Mutation(() => UpdateCustomRolePayload, {
    description: 'Changes a custom role for everyone who has it, from their next request on.',
  })
  async updateCustomRole(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => UpdateCustomRoleInput, { description: 'The role and what is new.' })
    input: UpdateCustomRoleInput,
  ) {
    return new UpdateCustomRolePayload(await updateCustomRole(ctx, input));
  }

  @Mutation(() => DeleteCustomRolePayload, {
    description: 'Deletes a custom role and takes it from everyone who has it.',
  })
  async deleteCustomRole(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DeleteCustomRoleInput, { description: 'The role.' }) input: DeleteCustomRoleInput,
  ) {
    return new DeleteCustomRolePayload(await deleteCustomRole(ctx, input));
  }

  @Mutation(() => AssignCustomRolePayload, {
    description:
      'Gives a custom role to a person or a service account. Succeeds also when they have it. BAD_USER_INPUT when the policies do not offer all of its permission sets to them.',
  })
  async assignCustomRole(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CustomRoleHolderInput, { description: 'The role and who is to have it.' })
    input: CustomRoleHolderInput,
  ) {
    return new AssignCustomRolePayload(await assignCustomRole(ctx, input));
  }

  @Mutation(() => UnassignCustomRolePayload, {
    description: 'Takes a custom role from a person or a service account. Succeeds also when they do not have it.',
  })
  async unassignCustomRole(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CustomRoleHolderInput, { description: 'The role and who is to lose it.' })
    input: CustomRoleHolderInput,
  ) {
    return new UnassignCustomRolePayload(await unassignCustomRole(ctx, input));
  }

  @FieldResolver(() => GranteeConnection, {
    nullable: true,
    description:
      'Who has the role by name, the deactivated ones included; for administrators and auditors, null otherwise.',
  })
  async holders(@Ctx() ctx: RequestContext, @Root() role: CustomRole, @Args(() => ShortPageArgs) args: ShortPageArgs) {
    return new GranteeConnection(await customRoleHolders(ctx, role, args));
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description: 'How many have the role, the deactivated ones included. Null for those who may not see it.',
  })
  holderCount(@Ctx() ctx: RequestContext, @Root() role: CustomRole): Promise<number> {
    return ctx.loaders.holderCountOfCustomRole.load(role.record.id);
  }

  @FieldResolver(() => Grantee, {
    nullable: true,
    description: 'Who created it; null when that is not known, and for those who may not see it.',
  })
  createdBy(@Ctx() ctx: RequestContext, @Root() role: CustomRole): Promise<Grantee | null> {
    return createdBy(ctx, role.record);
  }
}

@Resolver(() => Member)
export class CustomRolesOfMemberResolver {
  @FieldResolver(() => [CustomRole], {
    nullable: true,
    description:
      'The custom roles that they have, by name; for the member, administrators and auditors, null otherwise.',
  })
  customRoles(@Ctx() ctx: RequestContext, @Root() member: Member): Promise<CustomRole[]> {
    return customRolesHeldBy(ctx, member.record.id);
  }
}

@Resolver(() => ServiceAccount)
export class CustomRolesOfServiceAccountResolver {
  @FieldResolver(() => [CustomRole], {
    nullable: true,
    description:
      'The custom roles that it has, by name; for the account itself, administrators and auditors, null otherwise.',
  })
  customRoles(@Ctx() ctx: RequestContext, @Root() account: ServiceAccount): Promise<CustomRole[]> {
    return customRolesHeldBy(ctx, account.record.id);
  }
}
