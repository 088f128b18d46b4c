/** Writes tokens of service accounts: a valid one is signed, and one that is revoked loses its signature. */
import { type FindOptionsWhere, IsNull } from 'typeorm';
import type { Transaction } from '../../database/database.js';
import { serviceTokenDocument } from '../../vault/documents.js';
import type { Writer } from '../../vault/writer.js';
import { ServiceAccountTokenEntity } from './service-account.entity.js';

export async function insertToken(
  tx: Transaction,
  writer: Writer,
  token: Omit<ServiceAccountTokenEntity, 'signature'>,
): Promise<void> {
  const signature = writer.signer.sign(serviceTokenDocument({ ...token, tokenId: token.id }));
  await tx.manager.insert(ServiceAccountTokenEntity, { ...token, signature });
}

/** Needs no look at what was signed before: nothing is signed, so that a token which somebody planted can be revoked too. */
export async function revokeTokens(
  tx: Transaction,
  where: FindOptionsWhere<ServiceAccountTokenEntity>,
  now: number,
): Promise<void> {
  const valid = { ...where, revokedAt: IsNull() };
  await tx.manager.update(ServiceAccountTokenEntity, valid, { revokedAt: now, signature: null });
}
