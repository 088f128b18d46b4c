/** How a principal is read: the columns to select of a grantee `g`, and the row made into a Principal. */

import { parseJson } from '../../database/columns.js';
import type { Row } from '../../database/database.js';
import { type Dialect, indexHint, jsonList } from '../../database/dialect.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import type { PersonRole, Principal, PrincipalKind } from '../../principal.js';

export const principalColumns = (dialect: Dialect): string =>
  `g.organization_id, g.id, g.kind, g.name, g.role,
   (SELECT ${jsonList(dialect, 'm.group_id')} FROM group_membership m ${indexHint(dialect, 'group_membership_by_person')}
     WHERE m.organization_id = g.organization_id AND m.person_id = g.id) AS group_ids,
   (SELECT ${jsonList(dialect, 'r.permission_sets')} FROM custom_role_holder h
     JOIN custom_role r ON r.organization_id = h.organization_id AND r.id = h.custom_role_id
     WHERE h.organization_id = g.organization_id AND h.grantee_id = g.id) AS permission_sets`;

export function principalOf(row: Row): Principal {
  const id = row.id as GranteeId;
  const organizationId = row.organization_id as OrganizationId;
  // A list of lists: of each custom role, what it is composed of.
  const sets = (parseJson(row.permission_sets ?? null) ?? []) as readonly unknown[];
  const permissionSets = new Set(sets.flatMap((ofRole) => parseJson(ofRole) as string[]));
  const groupIds = (parseJson(row.group_ids ?? null) ?? []) as GranteeId[];
  return {
    kind: row.kind as PrincipalKind,
    id,
    organizationId,
    name: String(row.name),
    role: row.role as PersonRole | null,
    permissionSets: [...permissionSets].sort(),
    groupIds,
    granteeIds: [id, ...groupIds, organizationId],
  };
}
