/** Groups as the API shows them. Who is in one is for its members, administrators and auditors. */
import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime } from '../../graphql/scalars.js';
import { Member } from '../member/member.type.js';
import { type GroupRecord, groupSubject } from './group.record.js';
import type { GroupMembershipOutcome, GroupOutcome } from './outcome.js';

@ObjectType({ description: 'A group of members. A grant to it reaches all of them.' })
@GovernedBy('Group')
export class Group extends Governed {
  readonly record: GroupRecord;

  @Field(() => ID, { description: 'The id that grants name.' })
  readonly id: string;
  @Field(() => String, { description: 'Unique among the groups of the organization without regard to case.' })
  readonly name: string;
  @Field(() => String, { nullable: true, description: 'What the group is for.' })
  readonly description: string | null;
  @Field(() => DateTime, { nullable: true, description: 'When it was created. Null for those who may not see it.' })
  readonly createdAt: number;
  @Field(() => DateTime, {
    nullable: true,
    description: 'When name or description last changed. Null for those who may not see it.',
  })
  readonly updatedAt: number;

  constructor(record: GroupRecord) {
    super(groupSubject(record));
    this.record = record;
    this.id = record.id;
    this.name = record.name;
    this.description = record.description;
    this.createdAt = record.createdAt;
    this.updatedAt = record.updatedAt;
  }
}

export const GroupConnection = connectionOf('Group', () => Group, 'groups');

function payload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => Group, { description: 'The group as it is now.' })
    readonly group: Group;

    constructor(outcome: GroupOutcome) {
      super();
      this.group = new Group(outcome.group);
    }
  }
  return Payload;
}

function membershipPayload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => Group, { description: 'The group.' })
    readonly group: Group;
    @Field(() => Member, { description: 'The member.' })
    readonly member: Member;

    constructor(outcome: GroupMembershipOutcome) {
      super();
      this.group = new Group(outcome.group);
      this.member = new Member(outcome.member);
    }
  }
  return Payload;
}

export const CreateGroupPayload = payload('CreateGroupPayload', 'A group was created.');
export const UpdateGroupPayload = payload('UpdateGroupPayload', 'A name or a description was changed.');
export const AddGroupMemberPayload = membershipPayload('AddGroupMemberPayload', 'The member is in the group.');
export const RemoveGroupMemberPayload = membershipPayload(
  'RemoveGroupMemberPayload',
  'The member is not in the group.',
);

@ObjectType({ description: 'A group was deleted, with its memberships and its grants.' })
@GovernedBy('Envelope')
export class DeleteGroupPayload extends Envelope {
  @Field(() => ID, { description: 'The group that was deleted.' })
  readonly deletedId: string;

  constructor(outcome: { readonly deletedId: string }) {
    super();
    this.deletedId = outcome.deletedId;
  }
}
