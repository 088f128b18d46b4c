import { Arg, Args, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { Grantee } from '../organization/grantee.type.js';
import { createServiceAccount } from './create-service-account.js';
import { createServiceAccountToken } from './create-service-account-token.js';
import { createdBy } from './created-by.js';
import { deactivateServiceAccount } from './deactivate-service-account.js';
import { deleteServiceAccount } from './delete-service-account.js';
import { listServiceAccounts } from './list-service-accounts.js';
import { reactivateServiceAccount } from './reactivate-service-account.js';
import { revokeServiceAccountToken } from './revoke-service-account-token.js';
import {
  CreateServiceAccountInput,
  CreateServiceAccountTokenInput,
  DeactivateServiceAccountInput,
  DeleteServiceAccountInput,
  ReactivateServiceAccountInput,
  RevokeServiceAccountTokenInput,
  ServiceAccountsArgs,
  UpdateServiceAccountInput,
} from './service-account.inputs.js';
import { serviceAccount } from './service-account.js';
import {
  CreateServiceAccountPayload,
  CreateServiceAccountTokenPayload,
  DeactivateServiceAccountPayload,
  DeleteServiceAccountPayload,
  ReactivateServiceAccountPayload,
  RevokeServiceAccountTokenPayload,
  ServiceAccount,
  ServiceAccountConnection,
  ServiceAccountToken,
  UpdateServiceAccountPayload,
} from './service-account.type.js';
import { serviceAccountTokens } from './service-account-tokens.js';
import { updateServiceAccount } from './update-service-account.js';

@Resolver(() => ServiceAccount)
export class ServiceAccountResolver {
  @Query(() => ServiceAccountConnection, {
    description: 'The service accounts of the organization by name, the deactivated ones included.',
  })
  async serviceAccounts(@Ctx() ctx: RequestContext, @Args(() => ServiceAccountsArgs) args: ServiceAccountsArgs) {
    return new ServiceAccountConnection(await listServiceAccounts(ctx, args));
  }

  @Query(() => ServiceAccount, {
    nullable: true,
    description: 'One service account; null when it does not exist or the caller may not see it, the same.',
  })
  serviceAccount(
    @Ctx() ctx: RequestContext,
    @Arg('id', () => ID, { description: 'The service account.' }) id: string,
  ): Promise<ServiceAccount | null> {
    return serviceAccount(ctx, id);
  }

  @Mutation(() => CreateServiceAccountPayload, { description: 'Creates a service account without tokens.' })
  async createServiceAccount(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CreateServiceAccountInput, { description: 'The service account.' })
    input: CreateServiceAccountInput,
  ) {
    return new CreateServiceAccountPayload(await createServiceAccount(ctx, input));
  }

  @Mutation(() => UpdateServiceAccountPayload, { description: "Changes a service account's name or description." })
  async updateServiceAccount(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => UpdateServiceAccountInput, { description: 'The service account and what is new.' })
    input: UpdateServiceAccountInput,
  ) {
    return new UpdateServiceAccountPayload(await updateServiceAccount(ctx, input));
  }

  @Mutation(() => DeactivateServiceAccountPayload, {
    description: 'Lets a service account in no longer; tokens and grants are kept.',
  })
  async deactivateServiceAccount(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DeactivateServiceAccountInput, { description: 'The service account.' })
    input: DeactivateServiceAccountInput,
  ) {
    return new DeactivateServiceAccountPayload(await deactivateServiceAccount(ctx, input));
  }

  @Mutation(() => ReactivateServiceAccountPayload, {
    description: 'Lets a deactivated service account in again, with the tokens and grants that it had.',
  })
  async reactivateServiceAccount(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => ReactivateServiceAccountInput, { description: 'The service account.' })
    input: ReactivateServiceAccountInput,
  ) {
    return new ReactivateServiceAccountPayload(await reactivateServiceAccount(ctx, input));
  }

  @Mutation(() => DeleteServiceAccountPayload, {
    description: 'Deletes a service account, takes its grants from all keys and revokes its tokens.',
  })
  async deleteServiceAccount(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DeleteServiceAccountInput, { description: 'The service account.' })
    input: DeleteServiceAccountInput,
  ) {
    return new DeleteServiceAccountPayload(await deleteServiceAccount(ctx, input));
  }

  @Mutation(() => CreateServiceAccountTokenPayload, {
    description: 'Creates a token of a service account. This answer alone shows it.',
  })
  async createServiceAccountToken(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CreateServiceAccountTokenInput, { description: 'The token.' })
    input: CreateServiceAccountTokenInput,
  ) {
    return new CreateServiceAccountTokenPayload(await createServiceAccountToken(ctx, input));
  }

  @Mutation(() => RevokeServiceAccountTokenPayload, {
    description: 'Revokes a token for good. Succeeds also when it was revoked before.',
  })
  async revokeServiceAccountToken(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => RevokeServiceAccountTokenInput, { description: 'The token.' })
    input: RevokeServiceAccountTokenInput,
  ) {
    return new RevokeServiceAccountTokenPayload(await revokeServiceAccountToken(ctx, input));
  }

  @FieldResolver(() => [ServiceAccountToken], {
    nullable: true,
    description:
      'Its tokens, the earliest first, the revoked ones included; for itself, administrators and auditors, null otherwise.',
  })
  tokens(@Ctx() ctx: RequestContext, @Root() account: ServiceAccount): Promise<ServiceAccountToken[]> {
    return serviceAccountTokens(ctx, account);
  }

  @FieldResolver(() => Grantee, { nullable: true, description: 'Who created it. Null for those who may not see it.' })
  createdBy(@Ctx() ctx: RequestContext, @Root() account: ServiceAccount): Promise<Grantee | null> {
    return createdBy(ctx, account.record);
  }
}

@Resolver(() => ServiceAccountToken)
export class ServiceAccountTokenResolver {
  @FieldResolver(() => Grantee, { nullable: true, description: 'Who created it.' })
  createdBy(@Ctx() ctx: RequestContext, @Root() token: ServiceAccountToken): Promise<Grantee | null> {
    return createdBy(ctx, token.record);
  }
}
