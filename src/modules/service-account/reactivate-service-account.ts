import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { loadGrantee } from '../member/grantee-row.js';
import { changeStanding, lockMembership } from '../organization/membership.js';
import { mustStillSeeServiceAccount, type ServiceAccountOutcome, serviceAccountOutcome } from './outcome.js';
import type { ReactivateServiceAccountInput } from './service-account.inputs.js';
import { serviceAccountSubject } from './service-account.record.js';

/** Lets a deactivated service account in again, with the tokens and grants that it had. */
export async function reactivateServiceAccount(
  ctx: RequestContext,
  input: ReactivateServiceAccountInput,
): Promise<ServiceAccountOutcome> {
  return write(
    ctx,
    'reactivateServiceAccount',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const account = await loadGrantee(ctx, tx, 'SERVICE_ACCOUNT', input.id);
      const decision = must(ctx, 'reactivate', serviceAccountSubject(account));
      if (account.state === 'ACTIVE') return serviceAccountOutcome(tx, account);
      await changeStanding(tx, ctx.writer, account, { state: 'ACTIVE' }, ctx.now);
      const outcome = await serviceAccountOutcome(tx, account);
      await recordAudit(tx, actorOf(ctx), {
        type: 'serviceAccount.reactivated',
        subject: { type: 'ServiceAccount', id: account.id, name: account.name },
        details: { from: account.state, to: 'ACTIVE' },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeServiceAccount(ctx, outcome)),
  );
}
