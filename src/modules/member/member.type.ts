/** Members as the API shows them. Everyone sees names and addresses; the rest is for the member, administrators and auditors. */
import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime } from '../../graphql/scalars.js';
import type { PersonRole } from '../../principal.js';
import type { IdentityEntity } from '../organization/organization.entity.js';
import { MemberRole } from '../organization/viewer.type.js';
import { AccountState, type AccountStateName } from './member.enums.js';
import { type MemberRecord, memberSubject } from './member.record.js';
import type { MemberOutcome } from './outcome.js';

@ObjectType({ description: 'Whose tokens let a member in.' })
@GovernedBy('Member', { field: 'identities' })
export class MemberIdentity extends Governed {
  @Field(() => String, { description: 'The identity provider: the `iss` claim of its tokens.' })
  readonly issuer: string;
  @Field(() => String, { description: 'The person there: the `sub` claim of the tokens.' })
  readonly subject: string;

  constructor(
    member: Pick<MemberRecord, 'organizationId' | 'id'>,
    identity: Pick<IdentityEntity, 'issuer' | 'subject'>,
  ) {
    super(memberSubject(member));
    this.issuer = identity.issuer;
    this.subject = identity.subject;
  }
}

@ObjectType({ description: 'A person of the organization.' })
@GovernedBy('Member')
export class Member extends Governed {
  readonly record: MemberRecord;

  @Field(() => ID, { description: 'The id that grants name.' })
  readonly id: string;
  @Field(() => String, { description: 'The name to show. Several people may have the same.' })
  readonly name: string;
  @Field(() => String, { nullable: true, description: 'The address; null when it is not known.' })
  readonly email: string | null;
  @Field(() => MemberRole, {
    nullable: true,
    description: 'What they are in the organization. Null for those who may not see it.',
  })
  readonly role: PersonRole;
  @Field(() => AccountState, {
    nullable: true,
    description: 'Whether they can sign in. Null for those who may not see it.',
  })
  readonly state: AccountStateName;
  @Field(() => DateTime, { nullable: true, description: 'When they were added. Null for those who may not see it.' })
  readonly createdAt: number;
  @Field(() => DateTime, {
    nullable: true,
    description: 'When name, address, role or state last changed. Null for those who may not see it.',
  })
  readonly updatedAt: number;

  constructor(record: MemberRecord) {
    super(memberSubject(record));
    this.record = record;
    this.id = record.id;
    this.name = record.name;
    this.email = record.email;
    this.role = record.role;
    this.state = record.state;
    this.createdAt = record.createdAt;
    this.updatedAt = record.updatedAt;
  }
}

export const MemberConnection = connectionOf('Member', () => Member, 'members');

function payload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => Member, { description: 'The member as they are now.' })
    readonly member: Member;

    constructor(outcome: MemberOutcome) {
      super();
      this.member = new Member(outcome.member);
    }
  }
  return Payload;
}

export const AddMemberPayload = payload('AddMemberPayload', 'A member was added.');
export const UpdateMemberPayload = payload('UpdateMemberPayload', 'A name or an address was changed.');
export const SetMemberRolePayload = payload('SetMemberRolePayload', 'A member has the role.');
export const DeactivateMemberPayload = payload('DeactivateMemberPayload', 'A member can no longer sign in.');
export const ReactivateMemberPayload = payload('ReactivateMemberPayload', 'A member can sign in again.');
