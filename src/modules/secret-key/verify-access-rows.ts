/** Compares `secret_key_access`, which lists are read from, with the grants that it is made of. */
import type { Database, Row } from '../../database/database.js';
import type { OrganizationId, SecretKeyId } from '../../ids.js';
import type { Verifier } from '../../vault/sign.js';
import { readSecretKey } from './load-secret-key.js';
import { grantsOfRecord, rebuildAccessRows, removeAccessRows } from './write-access.js';

/** The ids of the keys whose rows differ from what their grants call for. */
export async function differingAccess(database: Database, organizationId: OrganizationId): Promise<SecretKeyId[]> {
  const called = await database.query(
    `SELECT k.id AS secret_key_id, g.grantee_id, g.permission, k.access_level, k.name_key, k.value_updated_at, k.last_used_at
     FROM secret_key k JOIN secret_grant g ON g.organization_id = k.organization_id AND g.secret_key_id = k.id
     WHERE k.organization_id = ? AND k.deleted_at IS NULL
     UNION ALL
     SELECT k.id, k.organization_id, 'USE', k.access_level, k.name_key, k.value_updated_at, k.last_used_at
     FROM secret_key k WHERE k.organization_id = ? AND k.deleted_at IS NULL AND k.access_level = 'TEAM'`,
    [organizationId, organizationId],
  );
  const present = await database.query(
    'SELECT secret_key_id, grantee_id, permission, access_level, name_key, value_updated_at, last_used_at FROM secret_key_access WHERE organization_id = ?',
    [organizationId],
  );
  const text = (row: Row): string =>
    JSON.stringify([
      row.secret_key_id,
      row.grantee_id,
      row.permission,
      row.access_level,
      row.name_key,
      Number(row.value_updated_at),
      Number(row.last_used_at),
    ]);
  const wanted = new Map(called.map((row) => [text(row), row.secret_key_id as SecretKeyId]));
  const differing = new Set<SecretKeyId>();
  for (const row of present) if (!wanted.delete(text(row))) differing.add(row.secret_key_id as SecretKeyId);
  for (const id of wanted.values()) differing.add(id);
  return [...differing].sort();
}

/** Makes one key's rows anew from its grants. Throws an UnsignedRowError when they are not what the api signed. */
export async function repairAccess(
  database: Database,
  verifier: Verifier,
  organizationId: OrganizationId,
  id: SecretKeyId,
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.lock('SELECT id FROM secret_key WHERE organization_id = ? AND id = ?', [organizationId, id]);
    const key = await readSecretKey(tx, verifier, organizationId, id);
    if (key === null) await removeAccessRows(tx, { organizationId, id });
    else await rebuildAccessRows(tx, { ...key, grants: grantsOfRecord(key) });
  });
}
