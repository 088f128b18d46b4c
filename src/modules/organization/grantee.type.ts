/** People, groups and service accounts as others see them: in pickers, in grants, as the creator of a key. */
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Governed, GovernedBy } from '../../graphql/guard.js';
import type { OrganizationId } from '../../ids.js';
import type { GranteeRecord } from '../secret-key/secret-key.record.js';
import type { GranteeKind as Kind, GranteeState as State } from './organization.entity.js';

export const GranteeKind = { PERSON: 'PERSON', GROUP: 'GROUP', SERVICE_ACCOUNT: 'SERVICE_ACCOUNT' } as const;
registerEnumType(GranteeKind, {
  name: 'GranteeKind',
  description: 'What kind of grantee.',
  valuesConfig: {
    PERSON: { description: 'A member of the organization.' },
    GROUP: { description: 'A group of members; a grant to it reaches all of them.' },
    SERVICE_ACCOUNT: { description: 'An account that other software uses.' },
  },
});

export const GranteeState = { ACTIVE: 'ACTIVE', DEACTIVATED: 'DEACTIVATED', DELETED: 'DELETED' } as const;
registerEnumType(GranteeState, {
  name: 'GranteeState',
  description: 'Whether a grantee can act.',
  valuesConfig: {
    ACTIVE: { description: 'Can act.' },
    DEACTIVATED: { description: 'Cannot sign in; grants are kept for its return.' },
    DELETED: { description: 'Gone; only history still names it.' },
  },
});

@ObjectType({
  description: 'A person, a group or a service account: whoever a key can be shared with.',
  simpleResolvers: true,
})
@GovernedBy('Grantee')
export class Grantee extends Governed {
  @Field(() => ID, { description: 'Give it as `granteeId` of a grant.' })
  readonly id: string;
  @Field(() => GranteeKind, { description: 'Person, group or service account.' })
  readonly kind: Kind;
  @Field(() => String, { description: 'The name to show.' })
  readonly name: string;
  @Field(() => String, {
    nullable: true,
    description: "A person's address; null for the others and where it is not known.",
  })
  readonly email: string | null;
  @Field(() => GranteeState, { nullable: true, description: 'Whether it can act.' })
  readonly state: State;

  constructor(organizationId: OrganizationId, record: GranteeRecord) {
    super({ type: 'Grantee', attributes: { organizationId, id: record.id } });
    this.id = record.id;
    this.kind = record.kind;
    this.name = record.name;
    this.email = record.email;
    this.state = record.state;
  }
}

export const GranteeConnection = connectionOf('Grantee', () => Grantee, 'people, groups and service accounts');
