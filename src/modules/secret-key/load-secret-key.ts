/** Reads one key. Absent, hidden, of another organization and malformed ids all give the same answer. */
import type { Database, Transaction } from '../../database/database.js';
import { notFound } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { isId, type OrganizationId } from '../../ids.js';
import {
  creatorJoin,
  type SecretKeyRecord,
  secretKeyColumns,
  secretKeyRecord,
  secretKeySubject,
} from './secret-key.record.js';

export type KeyState = 'ACTIVE' | 'DELETED';

/** The record, whoever asks; null when there is none in this state. */
export async function readSecretKey(
  source: Pick<Database | Transaction, 'query' | 'dialect'>,
  organizationId: OrganizationId,
  id: string,
  state: KeyState = 'ACTIVE',
): Promise<SecretKeyRecord | null> {
  if (!isId(id)) return null;
  const [row] = await source.query(
    `SELECT ${secretKeyColumns(source.dialect)} FROM secret_key k ${creatorJoin}
     WHERE k.organization_id = ? AND k.id = ? AND k.deleted_at IS ${state === 'ACTIVE' ? 'NULL' : 'NOT NULL'}`,
    [organizationId, id],
  );
  return row === undefined ? null : secretKeyRecord(row);
}

/** The key as the caller may see it, or null. */
export async function findSecretKey(ctx: RequestContext, id: string): Promise<SecretKeyRecord | null> {
  const key = await readSecretKey(ctx.database, ctx.principal.organizationId, id);
  return key !== null && ctx.authz.can('read', secretKeySubject(key)) ? key : null;
}

/** The key, locked for the transaction. Throws NOT_FOUND unless the caller may see it. */
export async function loadSecretKey(
  ctx: RequestContext,
  tx: Transaction,
  id: string,
  state: KeyState = 'ACTIVE',
): Promise<SecretKeyRecord> {
  if (!isId(id)) throw notFound();
  const { organizationId } = ctx.principal;
  await tx.lock('SELECT id FROM secret_key WHERE organization_id = ? AND id = ?', [organizationId, id]);
  const key = await readSecretKey(tx, organizationId, id, state);
  if (key === null || !ctx.authz.can('read', secretKeySubject(key))) throw notFound();
  return key;
}

/** The record after a write of the same transaction. */
export async function reloadSecretKey(
  tx: Transaction,
  key: Pick<SecretKeyRecord, 'organizationId' | 'id'>,
): Promise<SecretKeyRecord> {
  const record = await readSecretKey(tx, key.organizationId, key.id);
  if (record === null) throw new Error('the key vanished within its own transaction');
  return record;
}
