/** The people and service accounts of an organization as principals, to ask what each of them may do. */
import type { Reading, Row } from '../../database/database.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import type { Principal } from '../../principal.js';
import type { Verifier } from '../../vault/sign.js';
import { UnsignedRowError } from '../../vault/signed-row.js';
import { isPrincipal, principalColumns, principalOf } from './principal-row.js';

/** All active ones, or those with the given ids. In the order of their names. Whoever is not as the api signed them is left out. */
export async function principalsOf(
  source: Pick<Reading, 'query' | 'dialect'>,
  verifier: Verifier,
  organizationId: OrganizationId,
  ids?: readonly GranteeId[],
): Promise<Principal[]> {
  const among = ids === undefined ? '' : ` AND g.id IN (${ids.map(() => '?').join(', ')})`;
  const rows = await source.query(
    `SELECT ${principalColumns(source.dialect)} FROM grantee g
     WHERE g.organization_id = ? AND ${isPrincipal}${among} ORDER BY g.name_key, g.id`,
    [organizationId, ...(ids ?? [])],
  );
  return rows.flatMap((row) => signedPrincipals(row, verifier));
}

/** One, or none: nobody acts as a row that the api did not sign. */
function signedPrincipals(row: Row, verifier: Verifier): Principal[] {
  try {
    return [principalOf(row, verifier)];
  } catch (error) {
    if (error instanceof UnsignedRowError) return [];
    throw error;
  }
}
