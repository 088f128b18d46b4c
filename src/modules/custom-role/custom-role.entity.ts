import { Entity } from 'typeorm';
import { Bytes, Counter, Id, Instant, Json, PrimaryId, Text } from '../../database/columns.js';
import type { CustomRoleId, GranteeId, OrganizationId } from '../../ids.js';

/** A role that an organization composed of permission sets of the policies. */
@Entity('custom_role')
export class CustomRoleEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('id') id!: CustomRoleId;
  @Text('name') name!: string;
  @Text('name_key') nameKey!: string;
  @Text('description', { nullable: true }) description!: string | null;
  /** Names, sorted. Those that the policies do not offer any more count for nothing. */
  @Json('permission_sets') permissionSets!: readonly string[];
  @Id('created_by_id', { nullable: true }) createdById!: GranteeId | null;
  @Instant('created_at') createdAt!: number;
  @Instant('updated_at') updatedAt!: number;
  @Counter('revision') revision!: number;
  /** By the writer over the permission sets. */
  @Bytes('signature') signature!: Uint8Array;
}
