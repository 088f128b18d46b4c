import { recordAudit } from '../../audit/audit-log.js';
import { notFound } from '../../errors.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { isId } from '../../ids.js';
import { loadGrantee } from '../member/grantee-row.js';
import { lockMembership } from '../organization/membership.js';
import { mustStillSeeToken, type ServiceAccountTokenOutcome } from './outcome.js';
import type { RevokeServiceAccountTokenInput } from './service-account.inputs.js';
import { serviceAccountSubject, tokenColumns, tokenRecord } from './service-account.record.js';
import { revokeTokens } from './write-token.js';

/** Revokes a token for good, from the next request on; one that was revoked before stays as it is. */
export async function revokeServiceAccountToken(
  ctx: RequestContext,
  input: RevokeServiceAccountTokenInput,
): Promise<ServiceAccountTokenOutcome> {
  return write(
    ctx,
    'revokeServiceAccountToken',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const account = await loadGrantee(ctx, tx, 'SERVICE_ACCOUNT', input.serviceAccountId);
      const decision = must(ctx, 'revokeToken', serviceAccountSubject(account));
      if (!isId(input.id)) throw notFound();
      const [row] = await tx.query(
        `SELECT ${tokenColumns} FROM service_account_token WHERE organization_id = ? AND id = ? AND service_account_id = ?`,
        [account.organizationId, input.id, account.id],
      );
      if (row === undefined) throw notFound();
      const token = tokenRecord(row);
      if (token.revokedAt !== null) return { serviceAccountToken: token };
      const { organizationId, id, name } = token;
      await revokeTokens(tx, { organizationId, id }, ctx.now);
      await recordAudit(tx, actorOf(ctx), {
        type: 'serviceAccount.tokenRevoked',
        subject: { type: 'ServiceAccount', id: account.id, name: account.name },
        details: { token: { id, name } },
        decision,
      });
      return { serviceAccountToken: { ...token, revokedAt: ctx.now } };
    },
    asItWas((outcome) => mustStillSeeToken(ctx, outcome)),
  );
}
