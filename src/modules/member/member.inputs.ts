/** Inputs of the member operations. Their contents are checked by the verbs, which name the fields. */
import { ArgsType, Field, ID, InputType } from 'type-graphql';
import { PageArgs } from '../../graphql/page.args.js';
import { RepeatableInput } from '../../graphql/repeatable.input.js';
import type { PersonRole } from '../../principal.js';
import { MemberRole } from '../organization/viewer.type.js';
import { AccountState, type AccountStateName } from './member.enums.js';

@ArgsType()
export class MembersArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'Part of a name or an address. At most 120 characters.' })
  search?: string | null;
  @Field(() => MemberRole, {
    nullable: true,
    description: 'Only this role; for those who may see the role of everyone, FORBIDDEN otherwise.',
  })
  role?: PersonRole | null;
  @Field(() => AccountState, {
    nullable: true,
    description: 'Only this state; all when omitted. For those who may see the state of everyone, FORBIDDEN otherwise.',
  })
  state?: AccountStateName | null;
}

@InputType({ description: 'A new member, and the identity that they sign in with.' })
export class AddMemberInput extends RepeatableInput {
  @Field({ description: '1 to 120 characters. Several people may have the same.' })
  name!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The address, at most 254 characters. For display; nothing is sent there.',
  })
  email?: string | null;
  @Field(() => MemberRole, { description: 'What they are in the organization.' })
  role!: PersonRole;
  @Field({
    description: 'The `sub` claim of their tokens: 1 to 255 printable ASCII characters, no space at either end.',
  })
  subject!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The `iss` claim of their tokens; the configured identity provider when omitted.',
  })
  issuer?: string | null;
}

@InputType({ description: 'A new name or address for a member.' })
export class UpdateMemberInput extends RepeatableInput {
  @Field(() => ID, { description: 'The member.' })
  id!: string;
  @Field(() => String, { nullable: true, description: 'A new name, 1 to 120 characters; omitted keeps the old one.' })
  name?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'A new address, at most 254 characters; omitted keeps the old one, null removes it.',
  })
  email?: string | null;
}

@InputType({ description: 'A role for a member.' })
export class SetMemberRoleInput extends RepeatableInput {
  @Field(() => ID, { description: 'The member.' })
  id!: string;
  @Field(() => MemberRole, { description: 'What they are from now on.' })
  role!: PersonRole;
}

@InputType({ description: 'A member who is to sign in no longer.' })
export class DeactivateMemberInput extends RepeatableInput {
  @Field(() => ID, { description: 'The member. Groups and grants are kept for their return.' })
  id!: string;
}

@InputType({ description: 'A member who is to sign in again.' })
export class ReactivateMemberInput extends RepeatableInput {
  @Field(() => ID, { description: 'The member.' })
  id!: string;
}
