import { Entity } from 'typeorm';
import { Bytes, Counter, Flag, Id, Instant, PrimaryCounter, PrimaryId, Text } from '../../database/columns.js';
import type { CustomRoleId, GranteeId, OrganizationId } from '../../ids.js';
import type { PersonRole } from '../../principal.js';

@Entity('organization')
export class OrganizationEntity {
  @PrimaryId('id') id!: OrganizationId;
  @Text('slug') slug!: string;
  @Text('name') name!: string;
  @Flag('is_demo') isDemo!: boolean;
  /** Grows with every change of a role, a group's members or a state, in the transaction that makes the change. */
  @Counter('membership_version') membershipVersion!: number;
  @Instant('created_at') createdAt!: number;
}

/** A numbered pair of the organization. The private half is sealed to the root key; only the runner opens it. */
@Entity('organization_key')
export class OrganizationKeyEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryCounter('number') number!: number;
  @Bytes('public_key') publicKey!: Uint8Array;
  @Bytes('sealed_private_key') sealedPrivateKey!: Uint8Array;
  @Bytes('signature') signature!: Uint8Array;
  @Instant('created_at') createdAt!: number;
}

export type GranteeKind = 'PERSON' | 'GROUP' | 'SERVICE_ACCOUNT';
/** DELETED rows stay, so that history keeps its names; a deleted group or service account reaches nothing. */
export type GranteeState = 'ACTIVE' | 'DEACTIVATED' | 'DELETED';

/** A person, a group or a service account: whoever a key can be shared with. */
@Entity('grantee')
export class GranteeEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('id') id!: GranteeId;
  @Text('kind') kind!: GranteeKind;
  @Text('state') state!: GranteeState;
  @Text('role', { nullable: true }) role!: PersonRole | null;
  @Text('name') name!: string;
  @Text('name_key') nameKey!: string;
  @Text('email', { nullable: true }) email!: string | null;
  @Text('description', { nullable: true }) description!: string | null;
  @Id('created_by_id', { nullable: true }) createdById!: GranteeId | null;
  @Instant('created_at') createdAt!: number;
  @Instant('updated_at') updatedAt!: number;
  @Counter('revision') revision!: number;
  /** By the writer over the role, state and groups of a person, or a service account's state, and its custom roles. A group has none. */
  @Bytes('signature') signature!: Uint8Array | null;
}

/** Which person of an organization a token's issuer and subject stand for. */
@Entity('identity')
export class IdentityEntity {
  @Text('issuer', { primary: true }) issuer!: string;
  @Text('subject', { primary: true }) subject!: string;
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @Id('person_id') personId!: GranteeId;
  @Bytes('signature') signature!: Uint8Array;
}

/** Who has which custom role. What these rows say is a part of what the grantee's signature covers. */
@Entity('custom_role_holder')
export class CustomRoleHolderEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('grantee_id') granteeId!: GranteeId;
  @PrimaryId('custom_role_id') customRoleId!: CustomRoleId;
}

/** Who is in which group: a part of what the person's signature covers, too. */
@Entity('group_membership')
export class GroupMembershipEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('group_id') groupId!: GranteeId;
  @PrimaryId('person_id') personId!: GranteeId;
  @Instant('created_at') createdAt!: number;
}
