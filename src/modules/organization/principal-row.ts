/** How a principal is read, by the api and the runner: the columns to select of a grantee `g`, and the row made into a Principal. */

import { parseJson } from '../../database/columns.js';
import type { Row } from '../../database/database.js';
import { type Dialect, indexHint, jsonArray, jsonList } from '../../database/dialect.js';
import type { CustomRoleId, GranteeId, OrganizationId } from '../../ids.js';
import type { PersonRole, Principal, PrincipalKind } from '../../principal.js';
import { customRoleDocument } from '../../vault/documents.js';
import type { Verifier } from '../../vault/sign.js';
import { mustBeSigned, UnsignedRowError } from '../../vault/signed-row.js';
import { mustBeStanding } from './standing.js';

/** Who can act. */
export const isPrincipal = "g.state = 'ACTIVE' AND g.kind IN ('PERSON', 'SERVICE_ACCOUNT')";

export function principalColumns(dialect: Dialect): string {
  const customRole = {
    id: 'h.custom_role_id',
    permissionSets: 'r.permission_sets',
    revision: 'r.revision',
    signature: 'HEX(r.signature)',
  };
  return `g.organization_id, g.id, g.kind, g.name, g.role, g.state, g.revision, g.signature,
   (SELECT ${jsonList(dialect, 'm.group_id')} FROM group_membership m ${indexHint(dialect, 'group_membership_by_person')}
     WHERE m.organization_id = g.organization_id AND m.person_id = g.id) AS group_ids,
   (SELECT ${jsonArray(dialect, customRole)} FROM custom_role_holder h
     LEFT JOIN custom_role r ON r.organization_id = h.organization_id AND r.id = h.custom_role_id
     WHERE h.organization_id = g.organization_id AND h.grantee_id = g.id) AS custom_roles`;
}

/** A custom role that somebody has. All but its id is null when there is no such role: the api did not take it away. */
interface HeldRole {
  readonly id: CustomRoleId;
  readonly permissionSets: string | null;
  readonly revision: number | null;
  readonly signature: string | null;
}

/** Throws an UnsignedRowError for somebody whose state, role, groups or custom roles are not what the api signed. */
export function principalOf(row: Row, verifier: Verifier): Principal {
  const kind = row.kind as PrincipalKind;
  const id = row.id as GranteeId;
  const organizationId = row.organization_id as OrganizationId;
  const role = row.role as PersonRole | null;
  const held = (parseJson(row.custom_roles ?? null) ?? []) as HeldRole[];
  const groupIds = (parseJson(row.group_ids ?? null) ?? []) as GranteeId[];
  const standing = {
    organizationId,
    id,
    kind,
    role,
    state: String(row.state),
    groupIds,
    customRoleIds: held.map((each) => each.id),
    revision: Number(row.revision),
  };
  mustBeStanding(verifier, standing, row.signature as Uint8Array | null);
  return {
    kind,
    id,
    organizationId,
    name: String(row.name),
    role,
    permissionSets: [...new Set(held.flatMap((each) => permissionSetsOf(each, organizationId, verifier)))].sort(),
    groupIds,
    granteeIds: [id, ...groupIds, organizationId],
  };
}

function permissionSetsOf(held: HeldRole, organizationId: OrganizationId, verifier: Verifier): readonly string[] {
  const { id, revision } = held;
  if (held.permissionSets === null || revision === null || held.signature === null)
    throw new UnsignedRowError('custom_role', id);
  const permissionSets = parseJson(held.permissionSets) as string[];
  const document = customRoleDocument({ organizationId, customRoleId: id, permissionSets, revision });
  mustBeSigned(verifier, { table: 'custom_role', id, document, signature: Buffer.from(held.signature, 'hex') });
  return permissionSets;
}
