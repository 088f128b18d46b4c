import type { AuditEntry } from '../../audit/audit-log.js';
import type { Decision } from '../../authz/index.js';
import type { Transaction } from '../../database/database.js';
import type { RequestContext } from '../../graphql/context.js';
import type { GranteeRow } from '../member/grantee-row.js';
import { readSecretKey } from '../secret-key/load-secret-key.js';
import { changeAccess, grantsOfRecord } from '../secret-key/write-access.js';

/**
 * Takes the grants of a grantee who is being deleted from every key; a deleted key drops them when it is restored. Returns what
 * the audit log is to say, one entry a key: all keys are locked before the end of the log is.
 */
export async function withdrawGrants(
  ctx: RequestContext,
  tx: Transaction,
  grantee: Pick<GranteeRow, 'organizationId' | 'id'>,
  cause: 'group.deleted' | 'serviceAccount.deleted',
  decision: Decision,
): Promise<AuditEntry[]> {
  const { organizationId, id } = grantee;
  const held = await tx.lock(
    `SELECT k.id FROM secret_key k
     WHERE k.organization_id = ? AND k.deleted_at IS NULL
       AND k.id IN (SELECT g.secret_key_id FROM secret_grant g WHERE g.organization_id = ? AND g.grantee_id = ?)
     ORDER BY k.id`,
    [organizationId, organizationId, id],
  );
  const entries: AuditEntry[] = [];
  for (const row of held) {
    const key = await readSecretKey(tx, ctx.writer.verifier, organizationId, String(row.id));
    if (key === null) throw new Error('a locked key vanished');
    const before = grantsOfRecord(key);
    const grants = before.filter(({ granteeId }) => granteeId !== id);
    await changeAccess(tx, ctx.writer, key, { grants }, ctx.now);
    entries.push({
      type: 'secretKey.accessChanged',
      subject: { type: 'SecretKey', id: key.id, name: key.name },
      details: { from: { level: key.accessLevel, grants: before }, to: { level: key.accessLevel, grants }, cause },
      decision,
    });
  }
  return entries;
}
