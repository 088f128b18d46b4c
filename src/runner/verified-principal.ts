/** People and service accounts as the api signed them: a role or a membership that was put into the database by hand counts for nothing. */
import type { Reading } from '../database/database.js';
import type { GranteeId, OrganizationId } from '../ids.js';
import { isPrincipal, principalColumns, principalOf } from '../modules/organization/principal-row.js';
import type { Principal } from '../principal.js';
import type { Verifier } from '../vault/sign.js';

/** Null when they are not active any more. Throws an UnsignedRowError when a row of theirs is not the api's. */
export async function verifiedPrincipal(
  reading: Reading,
  verifier: Verifier,
  organizationId: OrganizationId,
  id: GranteeId,
): Promise<Principal | null> {
  const [row] = await reading.query(
    `SELECT ${principalColumns(reading.dialect)} FROM grantee g WHERE g.organization_id = ? AND g.id = ? AND ${isPrincipal}`,
    [organizationId, id],
  );
  return row === undefined ? null : principalOf(row, verifier);
}
