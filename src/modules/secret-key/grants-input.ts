/** Grants as a caller wants them: checked, limited to what the caller may hand out, and never without a manager. */

import { In } from 'typeorm';
import type { PolicySubject } from '../../authz/index.js';
import type { Reading, Transaction } from '../../database/database.js';
import { indexHint } from '../../database/dialect.js';
import { ApiError, forbidden } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { type GranteeId, isId, type OrganizationId } from '../../ids.js';
import type { InputCheck } from '../input-check.js';
import { GranteeEntity } from '../organization/organization.entity.js';
import type { SecretGrantInput } from './secret-key.inputs.js';
import type { Grant } from './write-access.js';

const mostGrants = 500;

/** Problems for unknown and repeated grantees, named by their place. Grantees of other organizations are unknown. */
export async function readGrants(
  check: InputCheck,
  source: Reading,
  organizationId: OrganizationId,
  grants: readonly SecretGrantInput[],
  field: string,
): Promise<Grant[]> {
  if (grants.length > mostGrants) {
    check.add(field, `must have at most ${mostGrants} elements`);
    return [];
  }
  const ids = grants.map(({ granteeId }) => granteeId).filter(isId) as GranteeId[];
  const known = new Set<string>();
  if (ids.length > 0) {
    const rows = await source.manager.find(GranteeEntity, {
      select: { id: true, state: true },
      where: { organizationId, id: In(ids) },
    });
    for (const row of rows) if (row.state !== 'DELETED') known.add(row.id);
  }
  const seen = new Set<string>();
  return grants.map(({ granteeId, permission }, index) => {
    if (!known.has(granteeId)) check.add(`${field}[${index}].granteeId`, 'is nobody in this organization');
    else if (seen.has(granteeId)) check.add(`${field}[${index}].granteeId`, 'is given twice');
    seen.add(granteeId);
    return { granteeId: granteeId as GranteeId, permission };
  });
}

/** Nobody hands out more than they hold: the policy says who may grant which permission. */
export function mustGrantWithinOwn(
  ctx: RequestContext,
  key: PolicySubject,
  change: { readonly opensToTeam: boolean; readonly grants: readonly Grant[] },
): void {
  const needsUse = change.opensToTeam || change.grants.some(({ permission }) => permission === 'USE');
  const needsManage = change.grants.some(({ permission }) => permission === 'MANAGE');
  if (needsUse && !ctx.authz.can('grantUse', key)) throw forbidden('grantUse');
  if (needsManage && !ctx.authz.can('grantManage', key)) throw forbidden('grantManage');
}

/** People who can manage: active ones whose role lets them change things. */
const capablePerson = "p.state = 'ACTIVE' AND p.kind = 'PERSON' AND p.role <> 'AUDITOR'";

/** Whether one of the grants lets a capable person manage the key, directly or through a group. */
export async function keepsManager(
  source: Reading,
  organizationId: OrganizationId,
  grants: readonly Grant[],
): Promise<boolean> {
  const managers = grants.filter(({ permission }) => permission === 'MANAGE').map(({ granteeId }) => granteeId);
  if (managers.length === 0) return false;
  const marks = managers.map(() => '?').join(', ');
  const found = await source.query(
    `SELECT 1 AS found FROM grantee p WHERE p.organization_id = ? AND p.id IN (${marks}) AND ${capablePerson}
     UNION ALL
     SELECT 1 AS found FROM group_membership m JOIN grantee p ON p.organization_id = m.organization_id AND p.id = m.person_id
     WHERE m.organization_id = ? AND m.group_id IN (${marks}) AND ${capablePerson}
     LIMIT 1`,
    [organizationId, ...managers, organizationId, ...managers],
  );
  return found.length > 0;
}

/** LAST_MANAGER unless a person, or a group with a person in it, keeps Manage. */
export async function mustKeepManager(
  source: Reading,
  organizationId: OrganizationId,
  grants: readonly Grant[],
): Promise<void> {
  if (await keepsManager(source, organizationId, grants)) return;
  throw new ApiError(
    'LAST_MANAGER',
    'A key keeps at least one manager who is an active person, or a group with one in it.',
  );
}

/**
 * The keys, at most `limit`, that would be without a manager if these people stopped counting: because they leave, or because a
 * group loses them. `group` narrows the loss to what they reach through that group.
 */
export async function keysLeftWithoutManager(
  tx: Transaction,
  organizationId: OrganizationId,
  loss:
    | { readonly personId: GranteeId }
    | { readonly groupId: GranteeId }
    | { readonly groupId: GranteeId; readonly personId: GranteeId },
  limit: number,
): Promise<{ readonly id: string; readonly name: string }[]> {
  const personId = 'personId' in loss ? loss.personId : null;
  const groupId = 'groupId' in loss ? loss.groupId : null;
  // Who is affected: grants to the person, to the person's groups, or to the group.
  const affected =
    groupId === null
      ? {
          sql: 'g.grantee_id = ? OR g.grantee_id IN (SELECT x.group_id FROM group_membership x WHERE x.organization_id = ? AND x.person_id = ?)',
          parameters: [personId, organizationId, personId],
        }
      : { sql: 'g.grantee_id = ?', parameters: [groupId] };
  // Who still counts afterwards.
  const direct = groupId === null ? { sql: ' AND p.id <> ?', parameters: [personId] } : { sql: '', parameters: [] };
  const through =
    groupId === null
      ? { sql: ' AND m.person_id <> ?', parameters: [personId] }
      : personId === null
        ? { sql: ' AND m.group_id <> ?', parameters: [groupId] }
        : { sql: ' AND NOT (m.group_id = ? AND m.person_id = ?)', parameters: [groupId, personId] };
  const byKey = indexHint(tx.dialect, 'PRIMARY');
  const rows = await tx.query(
    `SELECT k.id, k.name FROM secret_key k
     WHERE k.organization_id = ? AND k.deleted_at IS NULL
       AND k.id IN (SELECT g.secret_key_id FROM secret_grant g WHERE g.organization_id = ? AND g.permission = 'MANAGE' AND (${affected.sql}))
       AND NOT EXISTS (SELECT 1 FROM secret_grant r ${byKey} JOIN grantee p ON p.organization_id = r.organization_id AND p.id = r.grantee_id
         WHERE r.organization_id = k.organization_id AND r.secret_key_id = k.id AND r.permission = 'MANAGE' AND ${capablePerson}${direct.sql})
       AND NOT EXISTS (SELECT 1 FROM secret_grant r ${byKey} JOIN group_membership m ON m.organization_id = r.organization_id AND m.group_id = r.grantee_id
         JOIN grantee p ON p.organization_id = m.organization_id AND p.id = m.person_id
         WHERE r.organization_id = k.organization_id AND r.secret_key_id = k.id AND r.permission = 'MANAGE' AND ${capablePerson}${through.sql})
     ORDER BY k.name_key LIMIT ?`,
    [organizationId, organizationId, ...affected.parameters, ...direct.parameters, ...through.parameters, limit],
  );
  return rows.map((row) => ({ id: String(row.id), name: String(row.name) }));
}
