/** Custom roles and what they are composed of, as the API shows them. */
import { Field, ID, ObjectType } from 'type-graphql';
import type { PermissionSet as OfferedSet } from '../../authz/index.js';
import { connectionOf } from '../../graphql/connection.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime } from '../../graphql/scalars.js';
import type { OrganizationId } from '../../ids.js';
import { Grantee } from '../organization/grantee.type.js';
import { type CustomRoleRecord, customRoleSubject } from './custom-role.record.js';
import type { CustomRoleHolderOutcome, CustomRoleOutcome } from './outcome.js';

@ObjectType({ description: 'What the policies offer custom roles to be composed of.' })
@GovernedBy('PermissionSet')
export class PermissionSet extends Governed {
  @Field(() => String, { description: 'Its name in the policy files.' })
  readonly name: string;
  @Field(() => String, { description: 'What it is for, in the words of the policy files.' })
  readonly why: string;
  @Field(() => [String], { description: 'The roles of the policy files that it is offered to, such as `member`.' })
  readonly offeredTo: readonly string[];

  constructor(organizationId: OrganizationId, offered: OfferedSet) {
    super({ type: 'PermissionSet', attributes: { organizationId } });
    this.name = offered.name;
    this.why = offered.why;
    this.offeredTo = offered.offeredTo;
  }
}

@ObjectType({ description: 'A role that the organization composed of permission sets.' })
@GovernedBy('CustomRole')
export class CustomRole extends Governed {
  readonly record: CustomRoleRecord;

  @Field(() => ID, { description: 'Its id.' })
  readonly id: string;
  @Field(() => String, { description: 'Unique in the organization without regard to case.' })
  readonly name: string;
  @Field(() => String, { nullable: true, description: 'What the role is for.' })
  readonly description: string | null;
  @Field(() => [String], {
    description:
      'The permission sets that it is composed of. One that the policies do not offer, or not to whoever has the role, counts for nothing.',
  })
  readonly permissionSets: readonly string[];
  @Field(() => DateTime, { nullable: true, description: 'When it was created. Null for those who may not see it.' })
  readonly createdAt: number;
  @Field(() => DateTime, {
    nullable: true,
    description: 'When name, description or permission sets last changed. Null for those who may not see it.',
  })
  readonly updatedAt: number;

  constructor(record: CustomRoleRecord) {
    super(customRoleSubject(record));
    this.record = record;
    this.id = record.id;
    this.name = record.name;
    this.description = record.description;
    this.permissionSets = record.permissionSets;
    this.createdAt = record.createdAt;
    this.updatedAt = record.updatedAt;
  }
}

export const CustomRoleConnection = connectionOf('CustomRole', () => CustomRole, 'custom roles');

function payload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => CustomRole, { description: 'The role as it is now.' })
    readonly customRole: CustomRole;

    constructor(outcome: CustomRoleOutcome) {
      super();
      this.customRole = new CustomRole(outcome.customRole);
    }
  }
  return Payload;
}

function holderPayload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => CustomRole, { description: 'The role.' })
    readonly customRole: CustomRole;
    @Field(() => Grantee, { description: 'The person or the service account.' })
    readonly grantee: Grantee;

    constructor(outcome: CustomRoleHolderOutcome) {
      super();
      this.customRole = new CustomRole(outcome.customRole);
      this.grantee = new Grantee(outcome.customRole.organizationId, outcome.grantee);
    }
  }
  return Payload;
}

export const CreateCustomRolePayload = payload('CreateCustomRolePayload', 'A custom role was created.');
export const UpdateCustomRolePayload = payload('UpdateCustomRolePayload', 'A custom role is as it was asked for.');
export const AssignCustomRolePayload = holderPayload('AssignCustomRolePayload', 'They have the role.');
export const UnassignCustomRolePayload = holderPayload('UnassignCustomRolePayload', 'They do not have the role.');

@ObjectType({ description: 'A custom role was deleted; nobody has it any more.' })
@GovernedBy('Envelope')
export class DeleteCustomRolePayload extends Envelope {
  @Field(() => ID, { description: 'The role that was deleted.' })
  readonly deletedId: string;

  constructor(outcome: { readonly deletedId: string }) {
    super();
    this.deletedId = outcome.deletedId;
  }
}
