/** Makes an organization: its row, its first key pair, its audit chain. */
import { beginChain, recordAudit } from '../../audit/audit-log.js';
import type { Transaction } from '../../database/database.js';
import { newId, type OrganizationId } from '../../ids.js';
import { organizationKeyDocument } from '../../vault/documents.js';
import { createOrganizationKey } from '../../vault/seal.js';
import type { Writer } from '../../vault/writer.js';
import { OrganizationEntity, OrganizationKeyEntity } from './organization.entity.js';

/** @param slug lower-case letters, digits and hyphens; unique. */
export async function createOrganization(
  tx: Transaction,
  writer: Writer,
  organization: { readonly slug: string; readonly name: string; readonly isDemo: boolean; readonly now: number },
): Promise<OrganizationId> {
  const { slug, name, isDemo, now } = organization;
  const id = newId<OrganizationId>(now);
  await tx.manager.insert(OrganizationEntity, { id, slug, name, isDemo, membershipVersion: 1, createdAt: now });
  const pair = createOrganizationKey(id, 1, writer.rootPublicKey);
  const key = { organizationId: id, number: 1, publicKey: pair.publicKey, sealedPrivateKey: pair.sealedPrivateKey };
  const signature = writer.signer.sign(organizationKeyDocument(key));
  await tx.manager.insert(OrganizationKeyEntity, { ...key, signature, createdAt: now });
  await beginChain(tx, id);
  await recordAudit(
    tx,
    { organizationId: id, principal: null, requestId: 'start', now },
    { type: 'organization.created', subject: { type: 'Organization', id, name } },
  );
  return id;
}
