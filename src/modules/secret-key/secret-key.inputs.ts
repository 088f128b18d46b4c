/** Inputs of the secret key operations. Their contents are checked by the verbs, which name the fields. */
import { Field, ID, InputType, Int } from 'type-graphql';
import type { SortDirection } from '../../graphql/keyset.js';
import { RepeatableInput } from '../../graphql/repeatable.input.js';
import { DateTime } from '../../graphql/scalars.js';
import type { AccessLevel, Permission, Placement, SecretUseKind } from './secret-key.entity.js';
import {
  OrderDirection,
  SecretAccessLevel,
  SecretKeyOrderField,
  type SecretKeyOrderFieldName,
  SecretKeyScope,
  type SecretKeyScopeName,
  SecretPermission,
  SecretPlacement,
  SecretUse,
  SecretValueEncoding,
  type SecretValueEncodingName,
} from './secret-key.enums.js';

@InputType({ description: 'What one person, group or service account may do with a key.' })
export class SecretGrantInput {
  @Field(() => ID, { description: 'A person, group or service account of the organization; see `grantees`.' })
  granteeId!: string;
  @Field(() => SecretPermission, { description: 'What they may do.' })
  permission!: Permission;
}

@InputType({ description: 'Who has access to a key.' })
export class SecretAccessInput {
  @Field(() => SecretAccessLevel, { description: 'Everyone, or only those whom grants name.' })
  level!: AccessLevel;
  @Field(() => [SecretGrantInput], {
    nullable: true,
    description: 'At most 500. The creator gets a Manage grant in any case.',
  })
  grants?: SecretGrantInput[] | null;
}

@InputType({ description: 'A new key.' })
export class CreateSecretKeyInput extends RepeatableInput {
  @Field({ description: '1 to 120 characters; unique in the organization without regard to case.' })
  name!: string;
  @Field({ description: 'The secret: 1 byte to 64 KiB. It can never be read again.' })
  value!: string;
  @Field(() => SecretValueEncoding, { nullable: true, defaultValue: 'UTF8', description: 'How `value` is written.' })
  valueEncoding?: SecretValueEncodingName | null;
  @Field(() => String, { nullable: true, description: 'At most 1,000 characters. Not secret.' })
  description?: string | null;
  @Field(() => SecretAccessInput, { nullable: true, description: 'Restricted to the caller when omitted.' })
  access?: SecretAccessInput | null;
  @Field(() => [String], {
    nullable: true,
    description:
      'Hosts that requests may carry the key to: `api.example.com`, `*.example.com` for one label, `http://…` for plain HTTP. At most 50.',
  })
  allowedHosts?: string[] | null;
  @Field(() => [SecretPlacement], {
    nullable: true,
    description: 'Parts of a request that may hold the value; HEADER when omitted.',
  })
  placements?: Placement[] | null;
  @Field(() => [SecretUse], { nullable: true, description: 'Ways of use; SEND_API_REQUEST and RUN_CODE when omitted.' })
  uses?: SecretUseKind[] | null;
  @Field(() => String, {
    nullable: true,
    description: 'Why code needs the value itself. Required with RAW, and kept in the audit log.',
  })
  rawReason?: string | null;
  @Field(() => DateTime, {
    nullable: true,
    description: 'From then on the key cannot be used. Must lie in the future.',
  })
  expiresAt?: number | null;
}

@InputType({ description: 'A new name for a key.' })
export class RenameSecretKeyInput extends RepeatableInput {
  @Field(() => ID, { description: 'The key.' })
  id!: string;
  @Field({ description: '1 to 120 characters; unique in the organization without regard to case.' })
  name!: string;
  @Field(() => String, {
    nullable: true,
    description: 'A new description; omitted keeps the old one, null removes it.',
  })
  description?: string | null;
}

@InputType({ description: 'A new value for a key.' })
export class UpdateSecretValueInput extends RepeatableInput {
  @Field(() => ID, { description: 'The key.' })
  id!: string;
  @Field({ description: 'The secret: 1 byte to 64 KiB. The old value is erased.' })
  value!: string;
  @Field(() => SecretValueEncoding, { nullable: true, defaultValue: 'UTF8', description: 'How `value` is written.' })
  valueEncoding?: SecretValueEncodingName | null;
  @Field(() => DateTime, { nullable: true, description: 'A new expiry; omitted keeps the old one, null removes it.' })
  expiresAt?: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'The `valueVersion` that the caller knows; CONFLICT when it is no longer the current one.',
  })
  expectedVersion?: number | null;
}

@InputType({ description: 'New access to a key.' })
export class SetSecretAccessInput extends RepeatableInput {
  @Field(() => ID, { description: 'The key.' })
  id!: string;
  @Field(() => SecretAccessLevel, { description: 'Everyone, or only those whom grants name.' })
  level!: AccessLevel;
  @Field(() => [SecretGrantInput], {
    nullable: true,
    description: 'Replaces all grants; omitted keeps them. At most 500.',
  })
  grants?: SecretGrantInput[] | null;
  @Field(() => Int, {
    nullable: true,
    description: 'The `accessRevision` that the caller knows; CONFLICT when it is no longer the current one.',
  })
  expectedAccessRevision?: number | null;
}

@InputType({ description: 'Where and how a key may be used. What is omitted stays as it is.' })
export class SetSecretUseInput extends RepeatableInput {
  @Field(() => ID, { description: 'The key.' })
  id!: string;
  @Field(() => [String], { nullable: true, description: 'Replaces the allowed hosts; see `createSecretKey`.' })
  allowedHosts?: string[] | null;
  @Field(() => Boolean, {
    nullable: true,
    description: 'True lets requests carry the key to any host. Shown on the key.',
  })
  allowsAnyHost?: boolean | null;
  @Field(() => [SecretPlacement], { nullable: true, description: 'Replaces the placements.' })
  placements?: Placement[] | null;
  @Field(() => [SecretUse], { nullable: true, description: 'Replaces the ways of use.' })
  uses?: SecretUseKind[] | null;
  @Field(() => String, { nullable: true, description: 'Why code needs the value itself. Required when RAW is added.' })
  rawReason?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'A new expiry; omitted keeps the old one, null removes it.' })
  expiresAt?: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'The `accessRevision` that the caller knows; CONFLICT when it is no longer the current one.',
  })
  expectedAccessRevision?: number | null;
}

@InputType({ description: 'A key to delete.' })
export class DeleteSecretKeyInput extends RepeatableInput {
  @Field(() => ID, { description: 'The key. It can be restored within the retention time.' })
  id!: string;
  @Field(() => Boolean, {
    nullable: true,
    defaultValue: false,
    description: 'True deletes it also while workflows name it; their runs fail then, until it is restored.',
  })
  breakReferences?: boolean | null;
}

@InputType({ description: 'A deleted key to bring back.' })
export class RestoreSecretKeyInput extends RepeatableInput {
  @Field(() => ID, { description: 'The key.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'A new name, for when the old one has been taken meanwhile.' })
  name?: string | null;
}

@InputType({ description: 'Narrows a list of keys. Everything given must hold.' })
export class SecretKeyFilter {
  @Field(() => SecretKeyScope, { nullable: true, defaultValue: 'ALL', description: 'Which of the visible keys.' })
  scope?: SecretKeyScopeName | null;
  @Field(() => String, {
    nullable: true,
    description: 'Part of the name, without regard to case. At most 120 characters.',
  })
  search?: string | null;
  @Field(() => DateTime, {
    nullable: true,
    description: 'Only keys that expire before this instant, the expired ones included.',
  })
  expiresBefore?: number | null;
  @Field(() => DateTime, { nullable: true, description: 'Only keys that were not used since this instant, or never.' })
  unusedSince?: number | null;
}

@InputType({ description: 'The order of a list of keys.' })
export class SecretKeyOrder {
  @Field(() => SecretKeyOrderField, { description: 'What it is ordered by.' })
  field!: SecretKeyOrderFieldName;
  @Field(() => OrderDirection, { nullable: true, defaultValue: 'ASC', description: 'Which end comes first.' })
  direction?: SortDirection | null;
}
