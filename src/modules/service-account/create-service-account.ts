import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, mustCreate, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { mustBeFree } from '../group/free-name.js';
import { InputCheck } from '../input-check.js';
import { bumpMembershipVersion, insertGrantee, lockMembership } from '../organization/membership.js';
import { mustStillSeeServiceAccount, type ServiceAccountOutcome, serviceAccountOutcome } from './outcome.js';
import type { CreateServiceAccountInput } from './service-account.inputs.js';

/** Creates a service account without tokens. */
export async function createServiceAccount(
  ctx: RequestContext,
  input: CreateServiceAccountInput,
): Promise<ServiceAccountOutcome> {
  const { organizationId, id: createdById } = ctx.principal;
  const decision = mustCreate(ctx, { type: 'ServiceAccount', attributes: { organizationId } });
  const check = new InputCheck();
  const name = check.name('input.name', input.name);
  const description = check.text('input.description', input.description);
  check.done();
  return write(
    ctx,
    'createServiceAccount',
    input,
    async (tx) => {
      await lockMembership(tx, organizationId);
      await mustBeFree(tx, organizationId, 'SERVICE_ACCOUNT', name);
      const kind = 'SERVICE_ACCOUNT';
      const id = await insertGrantee(tx, ctx.writer, {
        organizationId,
        kind,
        name,
        description,
        createdById,
        now: ctx.now,
      });
      await bumpMembershipVersion(tx, organizationId);
      const outcome = await serviceAccountOutcome(tx, { organizationId, id });
      await recordAudit(tx, actorOf(ctx), {
        type: 'serviceAccount.created',
        subject: { type: 'ServiceAccount', id, name },
        details: { description },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeServiceAccount(ctx, outcome)),
  );
}
