/** The people and service accounts of an organization as principals, to ask what each of them may do. */
import type { Database } from '../../database/database.js';
import type { OrganizationId } from '../../ids.js';
import type { Principal } from '../../principal.js';
import { principalColumns, principalOf } from './principal-row.js';

/** All active ones, or the one with the given id. In the order of their names. */
export async function principalsOf(
  database: Database,
  organizationId: OrganizationId,
  id?: string,
): Promise<Principal[]> {
  const rows = await database.query(
    `SELECT ${principalColumns(database.dialect)} FROM grantee g
     WHERE g.organization_id = ? AND g.state = 'ACTIVE' AND g.kind IN ('PERSON', 'SERVICE_ACCOUNT')${id === undefined ? '' : ' AND g.id = ?'}
     ORDER BY g.name_key, g.id`,
    id === undefined ? [organizationId] : [organizationId, id],
  );
  return rows.map(principalOf);
}
