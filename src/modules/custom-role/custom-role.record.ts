/** A custom role as verbs and presenters know it, and what rules may ask about it. */
import type { PolicySubject } from '../../authz/index.js';
import { parseJson } from '../../database/columns.js';
import type { Row } from '../../database/database.js';
import type { CustomRoleId, GranteeId, OrganizationId } from '../../ids.js';
import type { CustomRoleEntity } from './custom-role.entity.js';

/** Plain data that survives JSON: an idempotent answer is kept in this form. */
export type CustomRoleRecord = Omit<CustomRoleEntity, 'nameKey' | 'revision' | 'signature'>;

export const customRoleRecord = (role: CustomRoleRecord): CustomRoleRecord => ({
  organizationId: role.organizationId,
  id: role.id,
  name: role.name,
  description: role.description,
  permissionSets: role.permissionSets,
  createdById: role.createdById,
  createdAt: role.createdAt,
  updatedAt: role.updatedAt,
});

export const customRoleColumns =
  'r.organization_id, r.id, r.name, r.name_key, r.description, r.permission_sets, r.created_by_id, r.created_at, r.updated_at';

export const customRoleRow = (row: Row): CustomRoleRecord => ({
  organizationId: row.organization_id as OrganizationId,
  id: row.id as CustomRoleId,
  name: String(row.name),
  description: row.description as string | null,
  permissionSets: parseJson(row.permission_sets) as string[],
  createdById: row.created_by_id as GranteeId | null,
  createdAt: Number(row.created_at),
  updatedAt: Number(row.updated_at),
});

export const customRoleSubject = ({
  organizationId,
  id,
}: Pick<CustomRoleRecord, 'organizationId' | 'id'>): PolicySubject => ({
  type: 'CustomRole',
  attributes: { organizationId, id },
});
