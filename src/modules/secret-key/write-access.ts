/**
 * Writes who may use a key: the grants, the signed access document that the runner verifies, and the rows that lists are read from.
 * All three are written here and nowhere else, so that they cannot differ.
 */
import type { Transaction } from '../../database/database.js';
import type { GranteeId, OrganizationId, SecretKeyId } from '../../ids.js';
import { accessDocument } from '../../vault/documents.js';
import type { Verifier } from '../../vault/sign.js';
import { mustBeSigned } from '../../vault/signed-row.js';
import type { Writer } from '../../vault/writer.js';
import { foldName } from '../names.js';
import {
  type AccessLevel,
  type Permission,
  SecretGrantEntity,
  SecretKeyAccessEntity,
  SecretKeyEntity,
} from './secret-key.entity.js';
import type { SecretKeyRecord, SignedSecretKey } from './secret-key.record.js';

export interface Grant {
  readonly granteeId: GranteeId;
  readonly permission: Permission;
}

export const grantsOfRecord = (key: Pick<SecretKeyRecord, 'grants'>): Grant[] =>
  key.grants.map(({ grantee, permission }) => ({ granteeId: grantee.id, permission }));

/** Who may use a key, and where to. */
type AccessTerms = Pick<
  SecretKeyRecord,
  'accessLevel' | 'allowedHosts' | 'allowsAnyHost' | 'placements' | 'uses' | 'expiresAt'
> & { readonly grants: readonly Grant[] };

/** Everything that the access document covers. */
type SignedTerms = AccessTerms &
  Pick<SecretKeyRecord, 'organizationId' | 'id' | 'accessRevision' | 'valueVersion' | 'deletedAt'> & {
    readonly createdBy: { readonly id: GranteeId } | null;
  };

const documentOf = ({ id, createdBy, ...terms }: SignedTerms): Uint8Array =>
  accessDocument({ ...terms, secretKeyId: id, createdById: createdBy?.id ?? null });

export const signAccess = (writer: Writer, terms: SignedTerms): Uint8Array => writer.signer.sign(documentOf(terms));

/** Throws an UnsignedRowError when the key is not as the api signed it. */
export function mustBeSignedKey(verifier: Verifier, key: SignedSecretKey): void {
  const document = documentOf({ ...key, grants: grantsOfRecord(key) });
  mustBeSigned(verifier, { table: 'secret_key', id: key.id, document, signature: key.accessSignature });
}

/**
 * Applies a change to a key, signed on top of what was signed before: a new revision when it is one of the terms. Grants are replaced only
 * when given. Throws an UnsignedRowError when the key is not as the api signed it.
 */
export async function changeAccess(
  tx: Transaction,
  writer: Writer,
  key: SignedSecretKey,
  change: Partial<AccessTerms & Pick<SignedTerms, 'valueVersion' | 'deletedAt'>>,
  now: number,
): Promise<void> {
  mustBeSignedKey(writer.verifier, key);
  const { organizationId, id } = key;
  const { valueVersion: _, deletedAt: __, ...terms } = change;
  const accessRevision = key.accessRevision + (Object.keys(terms).length > 0 ? 1 : 0);
  const after: SignedTerms = { ...key, grants: grantsOfRecord(key), ...change, accessRevision };
  await tx.manager.update(
    SecretKeyEntity,
    { organizationId, id },
    {
      accessLevel: after.accessLevel,
      accessRevision,
      accessSignature: signAccess(writer, after),
      allowedHosts: after.allowedHosts,
      allowsAnyHost: after.allowsAnyHost,
      placements: after.placements,
      uses: after.uses,
      expiresAt: after.expiresAt,
      valueVersion: after.valueVersion,
      deletedAt: after.deletedAt,
      updatedAt: now,
    },
  );
  if (change.grants !== undefined) {
    await tx.manager.delete(SecretGrantEntity, { organizationId, secretKeyId: id });
    await insertGrants(tx, organizationId, id, after.grants);
  }
  if (change.grants !== undefined || change.accessLevel !== undefined)
    await rebuildAccessRows(tx, { ...key, ...after });
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
