import { Entity } from 'typeorm';
import { Bytes, Counter, Flag, Id, Instant, Json, PrimaryId, Text } from '../../database/columns.js';
import type { GranteeId, OrganizationId, SecretKeyId } from '../../ids.js';

export type AccessLevel = 'TEAM' | 'RESTRICTED';
export type Permission = 'USE' | 'MANAGE';
export type Placement = 'HEADER' | 'QUERY' | 'BODY';
export type SecretUseKind = 'SEND_API_REQUEST' | 'RUN_CODE' | 'HMAC' | 'JWT' | 'BASIC_AUTH' | 'RAW';

/** A key's metadata. Its value is in `sealed_value`, an entity that nothing is related to. */
@Entity('secret_key')
export class SecretKeyEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('id') id!: SecretKeyId;
  @Text('name') name!: string;
  @Text('name_key', { nullable: true }) nameKey!: string | null;
  @Text('description', { nullable: true }) description!: string | null;
  @Text('access_level') accessLevel!: AccessLevel;
  /** Grows with every change of who may use the key and where: level, grants, hosts, placements, uses, expiry. */
  @Counter('access_revision') accessRevision!: number;
  /** By the writer over all of that, the creator, the version of the value and whether the key was deleted. */
  @Bytes('access_signature') accessSignature!: Uint8Array;
  @Json('allowed_hosts') allowedHosts!: readonly string[];
  @Flag('allows_any_host') allowsAnyHost!: boolean;
  @Json('placements') placements!: readonly Placement[];
  @Json('uses') uses!: readonly SecretUseKind[];
  @Counter('value_version') valueVersion!: number;
  @Instant('value_updated_at') valueUpdatedAt!: number;
  @Instant('expires_at', { nullable: true }) expiresAt!: number | null;
  /** 0: never used. */
  @Instant('last_used_at') lastUsedAt!: number;
  @Id('created_by_id', { nullable: true }) createdById!: GranteeId | null;
  @Instant('created_at') createdAt!: number;
  @Instant('updated_at') updatedAt!: number;
  @Instant('deleted_at', { nullable: true }) deletedAt!: number | null;
  @Id('deleted_by_id', { nullable: true }) deletedById!: GranteeId | null;
}

@Entity('secret_grant')
export class SecretGrantEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('secret_key_id') secretKeyId!: SecretKeyId;
  @PrimaryId('grantee_id') granteeId!: GranteeId;
  @Text('permission') permission!: Permission;
}

/** A cache of the grants in the order of each list, one row per grantee and key. `decide` never reads it. */
@Entity('secret_key_access')
export class SecretKeyAccessEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  /** A grantee, or the organization itself for Team access. */
  @PrimaryId('grantee_id') granteeId!: GranteeId | OrganizationId;
  @PrimaryId('secret_key_id') secretKeyId!: SecretKeyId;
  @Text('permission') permission!: Permission;
  @Text('access_level') accessLevel!: AccessLevel;
  @Text('name_key') nameKey!: string;
  @Instant('value_updated_at') valueUpdatedAt!: number;
  @Instant('last_used_at') lastUsedAt!: number;
}
