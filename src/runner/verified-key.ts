/** A key as the api signed it: who may use it and where, and the sealed value. Nothing is opened here. */
import type { Transaction } from '../database/database.js';
import type { OrganizationId, SecretKeyId } from '../ids.js';
import { readSecretKey } from '../modules/secret-key/load-secret-key.js';
import { SealedValueEntity } from '../modules/secret-key/sealed-value.entity.js';
import type { SecretKeyRecord } from '../modules/secret-key/secret-key.record.js';
import { sealedValueDocument } from '../vault/documents.js';
import type { Verifier } from '../vault/sign.js';
import { mustBeSigned, UnsignedRowError } from '../vault/signed-row.js';

export interface VerifiedKey {
  readonly key: SecretKeyRecord;
  readonly sealed: SealedValueEntity;
}

/**
 * Null when the key does not exist or was deleted. The key stays as it is until the transaction ends. Throws an UnsignedRowError when the
 * access or the value is not what the api wrote last.
 */
export async function verifiedKey(
  tx: Transaction,
  verifier: Verifier,
  organizationId: OrganizationId,
  secretKeyId: SecretKeyId,
): Promise<VerifiedKey | null> {
  await tx.lock('SELECT id FROM secret_key WHERE organization_id = ? AND id = ?', [organizationId, secretKeyId]);
  const key = await readSecretKey(tx, verifier, organizationId, secretKeyId);
  if (key === null) return null;
  const sealed = await tx.manager.findOneBy(SealedValueEntity, { organizationId, secretKeyId });
  if (sealed?.valueVersion !== key.valueVersion) throw new UnsignedRowError('sealed_value', secretKeyId);
  const document = sealedValueDocument(sealed, sealed.ciphertext);
  mustBeSigned(verifier, { table: 'sealed_value', id: secretKeyId, document, signature: sealed.signature });
  return { key, sealed };
}
