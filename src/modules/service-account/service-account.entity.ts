import { Entity } from 'typeorm';
import { Bytes, Id, Instant, PrimaryId, Text } from '../../database/columns.js';
import type { GranteeId, OrganizationId, ServiceTokenId } from '../../ids.js';

/** A bearer token of a service account. The token itself is shown once; only its hash is kept. */
@Entity('service_account_token')
export class ServiceAccountTokenEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('id') id!: ServiceTokenId;
  @Id('service_account_id') serviceAccountId!: GranteeId;
  @Text('name') name!: string;
  @Text('secret_hash') secretHash!: string;
  @Instant('expires_at', { nullable: true }) expiresAt!: number | null;
  @Instant('last_used_at', { nullable: true }) lastUsedAt!: number | null;
  @Instant('revoked_at', { nullable: true }) revokedAt!: number | null;
  @Id('created_by_id', { nullable: true }) createdById!: GranteeId | null;
  @Instant('created_at') createdAt!: number;
  /** By the writer over the account, the hash and the expiry; null once it is revoked, so that nothing makes it valid again. */
  @Bytes('signature', { nullable: true }) signature!: Uint8Array | null;
}
