import { IsNull } from 'typeorm';
import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { withdrawGrants } from '../group/withdraw-grants.js';
import { loadGrantee } from '../member/grantee-row.js';
import { changeStanding, lockMembership } from '../organization/membership.js';
import { ServiceAccountTokenEntity } from './service-account.entity.js';
import type { DeleteServiceAccountInput } from './service-account.inputs.js';
import { serviceAccountSubject } from './service-account.record.js';
import { revokeTokens } from './write-token.js';

/** Deletes a service account with its grants and revokes its tokens; history keeps its name. */
export async function deleteServiceAccount(
  ctx: RequestContext,
  input: DeleteServiceAccountInput,
): Promise<{ readonly deletedId: string }> {
  return write(
    ctx,
    'deleteServiceAccount',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const account = await loadGrantee(ctx, tx, 'SERVICE_ACCOUNT', input.id);
      const decision = must(ctx, 'delete', serviceAccountSubject(account));
      const { organizationId, id, name } = account;
      const tokens = await tx.manager.find(ServiceAccountTokenEntity, {
        select: { id: true },
        where: { organizationId, serviceAccountId: id, revokedAt: IsNull() },
        order: { id: 'ASC' },
      });
      await revokeTokens(tx, { organizationId, serviceAccountId: id }, ctx.now);
      const accessChanges = await withdrawGrants(ctx, tx, account, 'serviceAccount.deleted', decision);
      await changeStanding(tx, ctx.writer, account, { state: 'DELETED', customRoleIds: [] }, ctx.now);
      for (const entry of accessChanges) await recordAudit(tx, actorOf(ctx), entry);
      await recordAudit(tx, actorOf(ctx), {
        type: 'serviceAccount.deleted',
        subject: { type: 'ServiceAccount', id, name },
        details: { revokedTokenIds: tokens.map((token) => token.id) },
        decision,
      });
      return { deletedId: id };
    },
    asItWas(),
  );
}
