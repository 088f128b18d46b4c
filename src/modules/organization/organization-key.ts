/** The organization's current public key, which new values are sealed to. */
import type { Transaction } from '../../database/database.js';
import type { OrganizationId } from '../../ids.js';
import { organizationKeyDocument } from '../../vault/documents.js';
import type { Writer } from '../../vault/writer.js';
import { OrganizationKeyEntity } from './organization.entity.js';

/** Throws when the row was not written by the api: sealing to a key that someone put there would hand them the value. */
export async function currentOrganizationKey(
  tx: Transaction,
  writer: Writer,
  organizationId: OrganizationId,
): Promise<{ readonly number: number; readonly publicKey: Uint8Array }> {
  const key = await tx.manager.findOne(OrganizationKeyEntity, { where: { organizationId }, order: { number: 'DESC' } });
  if (key === null) throw new Error('the organization has no key');
  if (!writer.verifier.verify(organizationKeyDocument(key), key.signature)) {
    throw new Error('the signature of the organization key does not hold');
  }
  return { number: key.number, publicKey: key.publicKey };
}
