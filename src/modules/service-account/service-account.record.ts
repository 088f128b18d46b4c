/** A service account and its tokens as verbs and presenters know them, and what rules may ask about them. */
import type { PolicySubject } from '../../authz/index.js';
import type { Row } from '../../database/database.js';
import type { GranteeId, OrganizationId, ServiceTokenId } from '../../ids.js';
import type { GranteeRow } from '../member/grantee-row.js';
import type { AccountStateName } from '../member/member.enums.js';

/** Plain data that survives JSON: an idempotent answer is kept in this form. */
export interface ServiceAccountRecord {
  readonly organizationId: OrganizationId;
  readonly id: GranteeId;
  readonly name: string;
  readonly description: string | null;
  readonly state: AccountStateName;
  readonly createdById: GranteeId | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** @param account a row that is not deleted. */
export const serviceAccountRecord = (account: GranteeRow): ServiceAccountRecord => ({
  organizationId: account.organizationId,
  id: account.id,
  name: account.name,
  description: account.description,
  state: account.state as AccountStateName,
  createdById: account.createdById,
  createdAt: account.createdAt,
  updatedAt: account.updatedAt,
});

export const serviceAccountSubject = ({
  organizationId,
  id,
}: Pick<ServiceAccountRecord, 'organizationId' | 'id'>): PolicySubject => ({
  type: 'ServiceAccount',
  attributes: { organizationId, id },
});

/** What is known about a token, which its hash is no part of. Plain data that survives JSON. */
export interface ServiceAccountTokenRecord {
  readonly organizationId: OrganizationId;
  readonly id: ServiceTokenId;
  readonly serviceAccountId: GranteeId;
  readonly name: string;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  readonly createdById: GranteeId | null;
  readonly createdAt: number;
}

export const tokenColumns =
  'organization_id, id, service_account_id, name, expires_at, last_used_at, revoked_at, created_by_id, created_at';

export const tokenRecord = (row: Row): ServiceAccountTokenRecord => ({
  organizationId: row.organization_id as OrganizationId,
  id: row.id as ServiceTokenId,
  serviceAccountId: row.service_account_id as GranteeId,
  name: String(row.name),
  expiresAt: instant(row.expires_at),
  lastUsedAt: instant(row.last_used_at),
  revokedAt: instant(row.revoked_at),
  createdById: row.created_by_id as GranteeId | null,
  createdAt: Number(row.created_at),
});

const instant = (column: unknown): number | null => (column === null ? null : Number(column));

export const tokenSubject = ({
  organizationId,
  serviceAccountId,
}: Pick<ServiceAccountTokenRecord, 'organizationId' | 'serviceAccountId'>): PolicySubject => ({
  type: 'ServiceAccountToken',
  attributes: { organizationId, serviceAccountId },
});
