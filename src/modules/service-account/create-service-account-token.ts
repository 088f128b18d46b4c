import { recordAudit } from '../../audit/audit-log.js';
import { mintServiceToken } from '../../authentication/service-token.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { newId, type ServiceTokenId } from '../../ids.js';
import { InputCheck } from '../input-check.js';
import { loadGrantee } from '../member/grantee-row.js';
import { lockMembership } from '../organization/membership.js';
import { mustStillSeeToken, type ServiceAccountTokenOutcome } from './outcome.js';
import type { CreateServiceAccountTokenInput } from './service-account.inputs.js';
import { type ServiceAccountTokenRecord, serviceAccountSubject } from './service-account.record.js';
import { insertToken } from './write-token.js';

export interface CreatedServiceAccountToken extends ServiceAccountTokenOutcome {
  /** Null when the answer to an earlier request is given again: the token is not stored. */
  readonly token: string | null;
}

/** Creates a token of a service account. Only its hash is kept. */
export async function createServiceAccountToken(
  ctx: RequestContext,
  input: CreateServiceAccountTokenInput,
): Promise<CreatedServiceAccountToken> {
  // By id, because a transaction that is run again mints again, and one that finds a stored answer must give no token.
  const minted = new Map<ServiceTokenId, string>();
  const outcome = await write(
    ctx,
    'createServiceAccountToken',
    input,
    async (tx): Promise<ServiceAccountTokenOutcome> => {
      await lockMembership(tx, ctx.principal.organizationId);
      const account = await loadGrantee(ctx, tx, 'SERVICE_ACCOUNT', input.serviceAccountId);
      const decision = must(ctx, 'createToken', serviceAccountSubject(account));
      const check = new InputCheck();
      const name = check.name('input.name', input.name);
      const expiresAt = check.future('input.expiresAt', input.expiresAt, ctx.now);
      check.done();
      const { organizationId } = account;
      const id = newId<ServiceTokenId>(ctx.now);
      const { token, secretHash } = mintServiceToken(organizationId, id);
      minted.set(id, token);
      const record: ServiceAccountTokenRecord = {
        organizationId,
        id,
        serviceAccountId: account.id,
        name,
        expiresAt,
        lastUsedAt: null,
        revokedAt: null,
        createdById: ctx.principal.id,
        createdAt: ctx.now,
      };
      await insertToken(tx, ctx.writer, { ...record, secretHash });
      await recordAudit(tx, actorOf(ctx), {
        type: 'serviceAccount.tokenCreated',
        subject: { type: 'ServiceAccount', id: account.id, name: account.name },
        details: { token: { id, name, expiresAt } },
        decision,
      });
      return { serviceAccountToken: record };
    },
    asItWas((outcome: ServiceAccountTokenOutcome) => mustStillSeeToken(ctx, outcome)),
  );
  return { ...outcome, token: minted.get(outcome.serviceAccountToken.id) ?? null };
}
