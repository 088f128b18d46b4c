/** A group as verbs and presenters know it, and what rules may ask about it. */
import type { PolicySubject } from '../../authz/index.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import type { GranteeRow } from '../member/grantee-row.js';

/** Plain data that survives JSON: an idempotent answer is kept in this form. */
export interface GroupRecord {
  readonly organizationId: OrganizationId;
  readonly id: GranteeId;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export const groupRecord = (group: GranteeRow): GroupRecord => ({
  organizationId: group.organizationId,
  id: group.id,
  name: group.name,
  description: group.description,
  createdAt: group.createdAt,
  updatedAt: group.updatedAt,
});

export const groupSubject = ({ organizationId, id }: Pick<GroupRecord, 'organizationId' | 'id'>): PolicySubject => ({
  type: 'Group',
  attributes: { organizationId, id },
});
