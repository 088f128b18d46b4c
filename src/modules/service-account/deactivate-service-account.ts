import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { loadGrantee } from '../member/grantee-row.js';
import { changeStanding, lockMembership } from '../organization/membership.js';
import { mustStillSeeServiceAccount, type ServiceAccountOutcome, serviceAccountOutcome } from './outcome.js';
import type { DeactivateServiceAccountInput } from './service-account.inputs.js';
import { serviceAccountSubject } from './service-account.record.js';

/** Lets a service account in no longer, from the next request on. Tokens and grants are kept for its return. */
export async function deactivateServiceAccount(
  ctx: RequestContext,
  input: DeactivateServiceAccountInput,
): Promise<ServiceAccountOutcome> {
  return write(
    ctx,
    'deactivateServiceAccount',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const account = await loadGrantee(ctx, tx, 'SERVICE_ACCOUNT', input.id);
      const decision = must(ctx, 'deactivate', serviceAccountSubject(account));
      if (account.state === 'DEACTIVATED') return serviceAccountOutcome(tx, account);
      await changeStanding(tx, ctx.writer, account, { state: 'DEACTIVATED' }, ctx.now);
      const outcome = await serviceAccountOutcome(tx, account);
      await recordAudit(tx, actorOf(ctx), {
        type: 'serviceAccount.deactivated',
        subject: { type: 'ServiceAccount', id: account.id, name: account.name },
        details: { from: account.state, to: 'DEACTIVATED' },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeServiceAccount(ctx, outcome)),
  );
}
