/**
 * Writes who may use a key: the grants, the signed access document that the runner verifies, and the rows that lists are read from.
 * All three are written here and nowhere else, so that they cannot differ.
 */
import type { Transaction } from '../../database/database.js';
import type { GranteeId, OrganizationId, SecretKeyId } from '../../ids.js';
import { accessDocument } from '../../vault/documents.js';
import type { Writer } from '../../vault/writer.js';
import { foldName } from '../names.js';
import {
  type AccessLevel,
  type Permission,
  SecretGrantEntity,
  SecretKeyAccessEntity,
  SecretKeyEntity,
} from './secret-key.entity.js';
import type { SecretKeyRecord } from './secret-key.record.js';

export interface Grant {
  readonly granteeId: GranteeId;
  readonly permission: Permission;
}

export const grantsOfRecord = (key: Pick<SecretKeyRecord, 'grants'>): Grant[] =>
  key.grants.map(({ grantee, permission }) => ({ granteeId: grantee.id, permission }));

/** Everything that the access document covers. */
export type AccessTerms = Pick<
  SecretKeyRecord,
  | 'organizationId'
  | 'id'
  | 'accessLevel'
  | 'accessRevision'
  | 'allowedHosts'
  | 'allowsAnyHost'
  | 'placements'
  | 'uses'
  | 'expiresAt'
> & { readonly grants: readonly Grant[]; readonly createdBy: { readonly id: GranteeId } | null };

export const signAccess = (writer: Writer, terms: AccessTerms): Uint8Array =>
  writer.signer.sign(
    accessDocument({
      organizationId: terms.organizationId,
      secretKeyId: terms.id,
      accessRevision: terms.accessRevision,
      createdById: terms.createdBy?.id ?? null,
      accessLevel: terms.accessLevel,
      grants: terms.grants,
      allowedHosts: terms.allowedHosts,
      allowsAnyHost: terms.allowsAnyHost,
      placements: terms.placements,
      uses: terms.uses,
      expiresAt: terms.expiresAt,
    }),
  );

/** Applies a change of the terms to a key: a new revision with a new signature. Grants are replaced only when given. */
export async function changeAccess(
  tx: Transaction,
  writer: Writer,
  key: SecretKeyRecord,
  change: Partial<
    Pick<AccessTerms, 'accessLevel' | 'grants' | 'allowedHosts' | 'allowsAnyHost' | 'placements' | 'uses' | 'expiresAt'>
  >,
  now: number,
): Promise<void> {
  const { organizationId, id } = key;
  const terms: AccessTerms = { ...key, grants: grantsOfRecord(key), ...change, accessRevision: key.accessRevision + 1 };
  await tx.manager.update(
    SecretKeyEntity,
    { organizationId, id },
    {
      accessLevel: terms.accessLevel,
      accessRevision: terms.accessRevision,
      accessSignature: signAccess(writer, terms),
      allowedHosts: terms.allowedHosts,
      allowsAnyHost: terms.allowsAnyHost,
      placements: terms.placements,
      uses: terms.uses,
      expiresAt: terms.expiresAt,
      updatedAt: now,
    },
  );
  if (change.grants !== undefined) {
    await tx.manager.delete(SecretGrantEntity, { organizationId, secretKeyId: id });
    await insertGrants(tx, organizationId, id, terms.grants);
  }
  if (change.grants !== undefined || change.accessLevel !== undefined)
    await rebuildAccessRows(tx, { ...key, ...terms });
}

export async function insertGrants(
  tx: Transaction,
  organizationId: OrganizationId,
  secretKeyId: SecretKeyId,
  grants: readonly Grant[],
): Promise<void> {
  if (grants.length === 0) return;
  await tx.manager.insert(
    SecretGrantEntity,
    grants.map((grant) => ({ organizationId, secretKeyId, granteeId: grant.granteeId, permission: grant.permission })),
  );
}

type ListedKey = Pick<SecretKeyRecord, 'organizationId' | 'id' | 'name' | 'valueUpdatedAt' | 'lastUsedAt'> & {
  readonly accessLevel: AccessLevel;
  readonly grants: readonly Grant[];
};

/** Makes a key's rows in `secret_key_access` those that its grants call for. */
export async function rebuildAccessRows(tx: Transaction, key: ListedKey): Promise<void> {
  await removeAccessRows(tx, key);
  const shared = {
    organizationId: key.organizationId,
    secretKeyId: key.id,
    accessLevel: key.accessLevel,
    nameKey: foldName(key.name),
    valueUpdatedAt: key.valueUpdatedAt,
    lastUsedAt: key.lastUsedAt ?? 0,
  };
  const rows = key.grants.map(({ granteeId, permission }) => ({
    ...shared,
    granteeId: granteeId as GranteeId | OrganizationId,
    permission,
  }));
  if (key.accessLevel === 'TEAM') rows.push({ ...shared, granteeId: key.organizationId, permission: 'USE' });
  if (rows.length > 0) await tx.manager.insert(SecretKeyAccessEntity, rows);
}

export async function removeAccessRows(
  tx: Transaction,
  key: Pick<SecretKeyRecord, 'organizationId' | 'id'>,
): Promise<void> {
  await tx.manager.delete(SecretKeyAccessEntity, { organizationId: key.organizationId, secretKeyId: key.id });
}
