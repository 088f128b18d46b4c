import { Arg, Args, ArgsType, Ctx, Field, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { PageArgs, ShortPageArgs } from '../../graphql/page.args.js';
import { AuditEventConnection } from '../audit-event/audit-event.type.js';
import { AccessExplanation, AccessPreview } from './access.type.js';
import { createSecretKey } from './create-secret-key.js';
import { deleteSecretKey } from './delete-secret-key.js';
import { explainSecretAccess } from './explain-secret-access.js';
import { listDeletedSecretKeys } from './list-deleted-secret-keys.js';
import { listSecretKeys } from './list-secret-keys.js';
import { previewSetSecretAccess } from './preview-set-secret-access.js';
import { renameSecretKey } from './rename-secret-key.js';
import { restoreSecretKey } from './restore-secret-key.js';
import { SecretKeyAction, type SecretKeyActionName } from './secret-key.enums.js';
import {
  CreateSecretKeyInput,
  DeleteSecretKeyInput,
  RenameSecretKeyInput,
  RestoreSecretKeyInput,
  SecretKeyFilter,
  SecretKeyOrder,
  SetSecretAccessInput,
  SetSecretUseInput,
  UpdateSecretValueInput,
} from './secret-key.inputs.js';
import { secretKey } from './secret-key.js';
import {
  CreateSecretKeyPayload,
  DeleteSecretKeyPayload,
  RenameSecretKeyPayload,
  RestoreSecretKeyPayload,
  SecretKey,
  SecretKeyConnection,
  SetSecretAccessPayload,
  SetSecretUsePayload,
  UpdateSecretValuePayload,
} from './secret-key.type.js';
import { secretKeyAuditEvents } from './secret-key-audit-events.js';
import { setSecretAccess } from './set-secret-access.js';
import { setSecretUse } from './set-secret-use.js';
import { updateSecretValue } from './update-secret-value.js';
import { viewerCan } from './viewer-can.js';

@ArgsType()
class SecretKeysArgs extends PageArgs {
  @Field(() => SecretKeyFilter, { nullable: true, description: 'Narrows the list.' })
  filter?: SecretKeyFilter | null;
  @Field(() => SecretKeyOrder, { nullable: true, description: 'By name when omitted.' })
  orderBy?: SecretKeyOrder | null;
}

@Resolver(() => SecretKey)
export class SecretKeyResolver {
  @Query(() => SecretKeyConnection, { description: 'The keys that the caller may see.' })
  async secretKeys(@Ctx() ctx: RequestContext, @Args(() => SecretKeysArgs) args: SecretKeysArgs) {
    return new SecretKeyConnection(await listSecretKeys(ctx, args));
  }

  @Query(() => SecretKey, {
    nullable: true,
    description: 'One key; null when it does not exist or the caller may not see it, the same.',
  })
  secretKey(
    @Ctx() ctx: RequestContext,
    @Arg('id', () => ID, { description: 'The key.' }) id: string,
  ): Promise<SecretKey | null> {
    return secretKey(ctx, id);
  }

  @Query(() => SecretKeyConnection, {
    description: 'Deleted keys that the caller may restore, the latest deletion first.',
  })
  async deletedSecretKeys(@Ctx() ctx: RequestContext, @Args(() => PageArgs) args: PageArgs) {
    return new SecretKeyConnection(await listDeletedSecretKeys(ctx, args));
  }

  @Query(() => AccessExplanation, { description: 'Why somebody may, or may not, do something with a key.' })
  explainSecretAccess(
    @Ctx() ctx: RequestContext,
    @Arg('secretKeyId', () => ID, { description: 'The key.' }) secretKeyId: string,
    @Arg('granteeId', () => ID, { description: 'A person or a service account.' }) granteeId: string,
    @Arg('action', () => SecretKeyAction, { description: 'What they would do.' }) action: SecretKeyActionName,
  ): Promise<AccessExplanation> {
    return explainSecretAccess(ctx, { secretKeyId, granteeId, action });
  }

  @Query(() => AccessPreview, {
    description: 'Who would gain and who would lose by setSecretAccess with the same input. Changes nothing.',
  })
  previewSetSecretAccess(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => SetSecretAccessInput, { description: 'As for setSecretAccess.' }) input: SetSecretAccessInput,
  ): Promise<AccessPreview> {
    return previewSetSecretAccess(ctx, input);
  }

  @Mutation(() => CreateSecretKeyPayload, {
    description: 'Stores a new key. The creator gets a Manage grant, which other managers may take away.',
  })
  async createSecretKey(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => CreateSecretKeyInput, { description: 'The key.' }) input: CreateSecretKeyInput,
  ) {
    return new CreateSecretKeyPayload(await createSecretKey(ctx, input));
  }

  @Mutation(() => RenameSecretKeyPayload, {
    description: 'Changes the name of a key. References are by id, so nothing breaks.',
  })
  async renameSecretKey(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => RenameSecretKeyInput, { description: 'The key and its new name.' }) input: RenameSecretKeyInput,
  ) {
    return new RenameSecretKeyPayload(await renameSecretKey(ctx, input));
  }

  @Mutation(() => UpdateSecretValuePayload, { description: 'Replaces the value of a key. The old one is erased.' })
  async updateSecretValue(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => UpdateSecretValueInput, { description: 'The key and its new value.' })
    input: UpdateSecretValueInput,
  ) {
    return new UpdateSecretValuePayload(await updateSecretValue(ctx, input));
  }

  @Mutation(() => SetSecretAccessPayload, { description: 'Replaces who may use and manage a key.' })
  async setSecretAccess(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => SetSecretAccessInput, { description: 'The key and its new access.' })
    input: SetSecretAccessInput,
  ) {
    return new SetSecretAccessPayload(await setSecretAccess(ctx, input));
  }

  @Mutation(() => SetSecretUsePayload, { description: 'Changes where and how a key may be used.' })
  async setSecretUse(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => SetSecretUseInput, { description: 'The key and its new terms of use.' })
    input: SetSecretUseInput,
  ) {
    return new SetSecretUsePayload(await setSecretUse(ctx, input));
  }

  @Mutation(() => DeleteSecretKeyPayload, {
    description: 'Deletes a key. It can be restored within the retention time.',
  })
  async deleteSecretKey(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => DeleteSecretKeyInput, { description: 'The key.' }) input: DeleteSecretKeyInput,
  ) {
    return new DeleteSecretKeyPayload(await deleteSecretKey(ctx, input));
  }

  @Mutation(() => RestoreSecretKeyPayload, { description: 'Brings a deleted key back, with its value and its grants.' })
  async restoreSecretKey(
    @Ctx() ctx: RequestContext,
    @Arg('input', () => RestoreSecretKeyInput, { description: 'The key.' }) input: RestoreSecretKeyInput,
  ) {
    return new RestoreSecretKeyPayload(await restoreSecretKey(ctx, input));
  }

  @FieldResolver(() => [SecretKeyAction], { description: 'What the caller may do with the key, beyond seeing it.' })
  viewerCan(@Ctx() ctx: RequestContext, @Root() key: SecretKey): readonly SecretKeyActionName[] {
    return viewerCan(ctx, key);
  }

  @FieldResolver(() => AuditEventConnection, {
    nullable: true,
    description:
      'The history of the key, the latest first; for its managers, administrators and auditors, null otherwise.',
  })
  async auditEvents(
    @Ctx() ctx: RequestContext,
    @Root() key: SecretKey,
    @Args(() => ShortPageArgs) args: ShortPageArgs,
  ) {
    return new AuditEventConnection(await secretKeyAuditEvents(ctx, key, args));
  }
}
