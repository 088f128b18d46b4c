/** Erases keys whose retention time is over: the value and the row, never the history. */
import { recordAudit } from '../../audit/audit-log.js';
import type { Database } from '../../database/database.js';
import { newId, type OrganizationId, type SecretKeyId } from '../../ids.js';
import { dayInMilliseconds } from './delete-secret-key.js';
import { SealedValueEntity } from './sealed-value.entity.js';
import { SecretGrantEntity, SecretKeyEntity } from './secret-key.entity.js';

/** Returns how many keys were erased. Several processes may run it at once. */
export async function purgeSecretKeys(database: Database, retentionDays: number, now: number): Promise<number> {
  const before = now - retentionDays * dayInMilliseconds;
  const organizations = await database.query('SELECT id FROM organization ORDER BY id');
  let purged = 0;
  for (const organization of organizations) {
    const organizationId = organization.id as OrganizationId;
    const due = await database.query(
      'SELECT id FROM secret_key WHERE organization_id = ? AND deleted_at IS NOT NULL AND deleted_at <= ? ORDER BY deleted_at LIMIT 1000',
      [organizationId, before],
    );
    for (const { id } of due) purged += await purgeOne(database, organizationId, id as SecretKeyId, before, now);
  }
  return purged;
}

async function purgeOne(
  database: Database,
  organizationId: OrganizationId,
  id: SecretKeyId,
  before: number,
  now: number,
): Promise<number> {
  return database.transaction(async (tx) => {
    const [row] = await tx.lock('SELECT name, deleted_at FROM secret_key WHERE organization_id = ? AND id = ?', [
      organizationId,
      id,
    ]);
    // Restored or purged by someone else meanwhile.
    if (row === undefined || row.deleted_at === null || Number(row.deleted_at) > before) return 0;
    await tx.manager.delete(SealedValueEntity, { organizationId, secretKeyId: id });
    await tx.manager.delete(SecretGrantEntity, { organizationId, secretKeyId: id });
    await tx.manager.delete(SecretKeyEntity, { organizationId, id });
    await recordAudit(
      tx,
      { organizationId, principal: null, requestId: `purge-${newId(now)}`, now },
      {
        type: 'secretKey.purged',
        subject: { type: 'SecretKey', id, name: String(row.name) },
        details: { deletedAt: Number(row.deleted_at) },
      },
    );
    return 1;
  });
}
