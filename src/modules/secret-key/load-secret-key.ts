/** Reads one key. Absent, hidden, of another organization and malformed ids all give the same answer. */
import type { Database, Transaction } from '../../database/database.js';
import { notFound } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { isId, type OrganizationId } from '../../ids.js';
import type { Verifier } from '../../vault/sign.js';
import {
  creatorJoin,
  type SecretKeyRecord,
  type SignedSecretKey,
  secretKeyColumns,
  secretKeyRecord,
  secretKeySubject,
} from './secret-key.record.js';
import { mustBeSignedKey } from './write-access.js';

export type KeyState = 'ACTIVE' | 'DELETED';

/** The record, whoever asks; null when there is none in this state. Throws an UnsignedRowError when it is not as the api signed it. */
export async function readSecretKey(
  source: Pick<Database | Transaction, 'query' | 'dialect'>,
  verifier: Verifier,
  organizationId: OrganizationId,
  id: string,
  state: KeyState = 'ACTIVE',
): Promise<SignedSecretKey | null> {
  if (!isId(id)) return null;
  const [row] = await source.query(
    `SELECT ${secretKeyColumns(source.dialect)}, k.access_signature FROM secret_key k ${creatorJoin}
     WHERE k.organization_id = ? AND k.id = ? AND k.deleted_at IS ${state === 'ACTIVE' ? 'NULL' : 'NOT NULL'}`,
    [organizationId, id],
  );
  if (row === undefined) return null;
  const key = { ...secretKeyRecord(row), accessSignature: row.access_signature as Uint8Array };
  mustBeSignedKey(verifier, key);
  return key;
}

/** The key as the caller may see it, or null. */
export async function findSecretKey(ctx: RequestContext, id: string): Promise<SecretKeyRecord | null> {
  const key = await readSecretKey(ctx.database, ctx.writer.verifier, ctx.principal.organizationId, id);
  return key !== null && ctx.authz.can('read', secretKeySubject(key)) ? key : null;
}

/** The key, locked for the transaction. Throws NOT_FOUND unless the caller may see it. */
export async function loadSecretKey(
  ctx: RequestContext,
  tx: Transaction,
  id: string,
  state: KeyState = 'ACTIVE',
): Promise<SignedSecretKey> {
  if (!isId(id)) throw notFound();
  const { organizationId } = ctx.principal;
  await tx.lock('SELECT id FROM secret_key WHERE organization_id = ? AND id = ?', [organizationId, id]);
  const key = await readSecretKey(tx, ctx.writer.verifier, organizationId, id, state);
  if (key === null || !ctx.authz.can('read', secretKeySubject(key))) throw notFound();
  return key;
}

/** The record after a write of the same transaction. */
export async function reloadSecretKey(
  ctx: RequestContext,
  tx: Transaction,
  key: Pick<SecretKeyRecord, 'organizationId' | 'id'>,
): Promise<SecretKeyRecord> {
  const record = await readSecretKey(tx, ctx.writer.verifier, key.organizationId, key.id);
  if (record === null) throw new Error('the key vanished within its own transaction');
  return record;
}
