/** The caller's own account and organization. */
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime } from '../../graphql/scalars.js';
import type { PersonRole, Principal } from '../../principal.js';
import type { CustomRoleRecord } from '../custom-role/custom-role.record.js';
import { CustomRole } from '../custom-role/custom-role.type.js';
import type { GranteeRecord } from '../secret-key/secret-key.record.js';
import { Grantee, GranteeKind } from './grantee.type.js';
import type { OrganizationEntity } from './organization.entity.js';

export const MemberRole = { ADMIN: 'ADMIN', MEMBER: 'MEMBER', AUDITOR: 'AUDITOR' } as const;
registerEnumType(MemberRole, {
  name: 'MemberRole',
  description: 'What a member is in the organization.',
  valuesConfig: {
    ADMIN: {
      description:
        'Administers members, groups, service accounts and the settings of all keys. Uses a restricted key only by a grant.',
    },
    MEMBER: { description: 'Creates keys, uses those shared with them.' },
    AUDITOR: { description: 'Reads settings and the audit log; changes and uses nothing.' },
  },
});

@ObjectType({ description: 'The organization that the caller acts in.' })
@GovernedBy('Organization')
export class Organization extends Governed {
  @Field(() => ID, { description: 'Its id.' })
  readonly id: string;
  @Field(() => String, { description: 'Its name.' })
  readonly name: string;
  @Field(() => String, { description: 'Its short name, as in the Nightsafe-Organization header.' })
  readonly slug: string;
  @Field(() => DateTime, { description: 'When it was created.' })
  readonly createdAt: number;

  constructor(organization: Pick<OrganizationEntity, 'id' | 'name' | 'slug' | 'createdAt'>) {
    super({ type: 'Organization', attributes: { organizationId: organization.id } });
    this.id = organization.id;
    this.name = organization.name;
    this.slug = organization.slug;
    this.createdAt = organization.createdAt;
  }
}

@ObjectType({ description: 'The caller: a person or a service account.' })
@GovernedBy('Viewer')
export class Viewer extends Governed {
  @Field(() => ID, { description: 'The id that grants name.' })
  readonly id: string;
  @Field(() => GranteeKind, { description: 'Person or service account.' })
  readonly kind: Principal['kind'];
  @Field(() => String, { description: 'The name to show.' })
  readonly name: string;
  @Field(() => String, { nullable: true, description: "A person's address, if known." })
  readonly email: string | null;
  @Field(() => MemberRole, { nullable: true, description: "A person's role; null for a service account." })
  readonly role: PersonRole | null;
  @Field(() => [Grantee], { description: 'The groups that the caller is in, by name.' })
  readonly groups: readonly Grantee[];
  @Field(() => [CustomRole], { description: 'The custom roles that the caller has, by name.' })
  readonly customRoles: readonly CustomRole[];
  @Field(() => [String], {
    description:
      'The permission sets that count for the caller: those of the custom roles that the policies offer to it.',
  })
  readonly permissionSets: readonly string[];
  @Field(() => Organization, { description: 'The organization that the caller acts in.' })
  readonly organization: Organization;
  @Field(() => String, { description: 'The revision of the policy that decides.' })
  readonly policyVersion: string;
  @Field(() => [String], { description: 'The names of the operations that the caller may call.' })
  readonly operations: readonly string[];

  constructor(
    principal: Principal,
    facts: {
      readonly email: string | null;
      readonly groups: readonly GranteeRecord[];
      readonly customRoles: readonly CustomRoleRecord[];
      readonly permissionSets: readonly string[];
      readonly organization: OrganizationEntity;
      readonly policyVersion: string;
      readonly operations: readonly string[];
    },
  ) {
    super({ type: 'Viewer', attributes: { organizationId: principal.organizationId, id: principal.id } });
    this.id = principal.id;
    this.kind = principal.kind;
    this.name = principal.name;
    this.email = facts.email;
    this.role = principal.role;
    this.groups = facts.groups.map((group) => new Grantee(principal.organizationId, group));
    this.customRoles = facts.customRoles.map((role) => new CustomRole(role));
    this.permissionSets = facts.permissionSets;
    this.organization = new Organization(facts.organization);
    this.policyVersion = facts.policyVersion;
    this.operations = facts.operations;
  }
}
