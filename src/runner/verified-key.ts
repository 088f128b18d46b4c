/** A key as the api signed it: who may use it and where, and the sealed value. Nothing is opened here. */
import type { Transaction } from '../database/database.js';
import type { GranteeId, OrganizationId, SecretKeyId } from '../ids.js';
import { SealedValueEntity } from '../modules/secret-key/sealed-value.entity.js';
import { SecretGrantEntity, SecretKeyEntity } from '../modules/secret-key/secret-key.entity.js';
import { accessDocument, sealedValueDocument } from '../vault/documents.js';
import type { WriterVerifier } from '../vault/sign.js';
import { notVerified } from './run-failure.js';

export interface VerifiedKey {
  readonly key: SecretKeyEntity;
  readonly grants: readonly { readonly granteeId: GranteeId; readonly permission: 'USE' | 'MANAGE' }[];
  readonly sealed: SealedValueEntity;
}

/**
 * Null when the key does not exist or was deleted. The key stays as it is until the transaction ends. Throws NOT_VERIFIED when the
 * access or the value is not what the api wrote last.
 */
export async function verifiedKey(
  tx: Transaction,
  verifier: WriterVerifier,
  organizationId: OrganizationId,
  secretKeyId: SecretKeyId,
): Promise<VerifiedKey | null> {
  await tx.lock('SELECT id FROM secret_key WHERE organization_id = ? AND id = ?', [organizationId, secretKeyId]);
  const key = await tx.manager.findOneBy(SecretKeyEntity, { organizationId, id: secretKeyId });
  if (key === null || key.deletedAt !== null) return null;
  const grants = await tx.manager.findBy(SecretGrantEntity, { organizationId, secretKeyId });
  const access = accessDocument({ ...key, secretKeyId, grants });
  if (!verifier.verify(access, key.accessSignature)) throw notVerified(secretKeyId);

  const sealed = await tx.manager.findOneBy(SealedValueEntity, { organizationId, secretKeyId });
  if (sealed === null || sealed.valueVersion !== key.valueVersion) throw notVerified(secretKeyId);
  if (!verifier.verify(sealedValueDocument(sealed, sealed.ciphertext), sealed.signature))
    throw notVerified(secretKeyId);
  return { key, grants, sealed };
}
