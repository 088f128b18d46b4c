/** Seals a value to the organization's current public key and stores it, signed, in place of the one before. */
import type { Transaction } from '../../database/database.js';
import type { OrganizationId, SecretKeyId } from '../../ids.js';
import { sealedValueDocument } from '../../vault/documents.js';
import { sealValue } from '../../vault/seal.js';
import type { Writer } from '../../vault/writer.js';
import { currentOrganizationKey } from '../organization/organization-key.js';
import { SealedValueEntity } from './sealed-value.entity.js';

export async function storeSealedValue(
  tx: Transaction,
  writer: Writer,
  place: { readonly organizationId: OrganizationId; readonly secretKeyId: SecretKeyId; readonly valueVersion: number },
  value: Uint8Array,
): Promise<void> {
  const { organizationId, secretKeyId } = place;
  const key = await currentOrganizationKey(tx, writer, organizationId);
  const binding = { ...place, organizationKeyNumber: key.number };
  const ciphertext = sealValue(binding, value, key.publicKey);
  const signature = writer.signer.sign(sealedValueDocument(binding, ciphertext));
  await tx.manager.delete(SealedValueEntity, { organizationId, secretKeyId });
  await tx.manager.insert(SealedValueEntity, { ...binding, ciphertext, signature });
}
