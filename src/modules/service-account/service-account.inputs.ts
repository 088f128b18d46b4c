/** Inputs of the service account operations. Their contents are checked by the verbs, which name the fields. */
import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '../../graphql/page.args.js';
import { RepeatableInput } from '../../graphql/repeatable.input.js';
import { DateTime } from '../../graphql/scalars.js';
import { AccountState, type AccountStateName } from '../member/member.enums.js';

@ArgsType()
export class ServiceAccountsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of a name. At most 120 characters.' })
  search?: string | null;
  @Field(() => AccountState, { nullable: true, description: 'Only this state; all when omitted.' })
  state?: AccountStateName | null;
}

@InputType({ description: 'A new service account, without tokens.' })
export class CreateServiceAccountInput extends RepeatableInput {
  @Field({
    description: '1 to 120 characters; unique among the service accounts of the organization without regard to case.',
  })
  name!: string;
  @Field(() => String, { nullable: true, description: 'What the account is for. At most 1,000 characters.' })
  description?: string | null;
}

@InputType({ description: 'A new name or description for a service account.' })
export class UpdateServiceAccountInput extends RepeatableInput {
  @Field(() => ID, { description: 'The service account.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'A new name, 1 to 120 characters; omitted keeps the old one.' })
  name?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'A new description, at most 1,000 characters; omitted keeps the old one, null removes it.',
  })
  description?: string | null;
}

@InputType({ description: 'A service account that is to be let in no longer.' })
export class DeactivateServiceAccountInput extends RepeatableInput {
  @Field(() => ID, { description: 'The service account. Tokens and grants are kept for its return.' })
  id!: string;
}

@InputType({ description: 'A service account that is to be let in again.' })
export class ReactivateServiceAccountInput extends RepeatableInput {
  @Field(() => ID, { description: 'The service account.' })
  id!: string;
}

@InputType({ description: 'A service account to delete.' })
export class DeleteServiceAccountInput extends RepeatableInput {
  @Field(() => ID, { description: 'The service account. Its grants are taken from all keys; this cannot be undone.' })
  id!: string;
}

@InputType({ description: 'A new token for a service account.' })
export class CreateServiceAccountTokenInput extends RepeatableInput {
  @Field(() => ID, { description: 'The service account. While it is deactivated the token lets nobody in.' })
  serviceAccountId!: string;
  @Field({ description: 'What the token is for, 1 to 120 characters. Not secret.' })
  name!: string;
  @Field(() => DateTime, {
    nullable: true,
    description: 'From then on the token lets nobody in. Must lie in the future; omitted: never.',
  })
  expiresAt?: number | null;
}

@InputType({ description: 'A token to revoke.' })
export class RevokeServiceAccountTokenInput extends RepeatableInput {
  @Field(() => ID, { description: 'The service account that the token belongs to.' })
  serviceAccountId!: string;
  @Field(() => ID, { description: 'The id of the token.' })
  id!: string;
}
