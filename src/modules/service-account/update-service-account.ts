import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { mustBeFree } from '../group/free-name.js';
import { InputCheck } from '../input-check.js';
import { loadGrantee } from '../member/grantee-row.js';
import { foldName } from '../names.js';
import { bumpMembershipVersion, lockMembership } from '../organization/membership.js';
import { GranteeEntity } from '../organization/organization.entity.js';
import { mustStillSeeServiceAccount, type ServiceAccountOutcome, serviceAccountOutcome } from './outcome.js';
import type { UpdateServiceAccountInput } from './service-account.inputs.js';
import { serviceAccountSubject } from './service-account.record.js';

/** Changes a service account's name or description. What is the same already changes nothing. */
export async function updateServiceAccount(
  ctx: RequestContext,
  input: UpdateServiceAccountInput,
): Promise<ServiceAccountOutcome> {
  return write(
    ctx,
    'updateServiceAccount',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const account = await loadGrantee(ctx, tx, 'SERVICE_ACCOUNT', input.id);
      const decision = must(ctx, 'update', serviceAccountSubject(account));
      const check = new InputCheck();
      const name = check.name('input.name', input.name ?? account.name);
      const description =
        input.description === undefined ? account.description : check.text('input.description', input.description);
      check.done();
      if (name === account.name && description === account.description) return serviceAccountOutcome(tx, account);
      const { organizationId, id } = account;
      await mustBeFree(tx, organizationId, 'SERVICE_ACCOUNT', name, id);
      await tx.manager.update(
        GranteeEntity,
        { organizationId, id },
        { name, nameKey: foldName(name), description, updatedAt: ctx.now },
      );
      await bumpMembershipVersion(tx, organizationId);
      const outcome = await serviceAccountOutcome(tx, account);
      await recordAudit(tx, actorOf(ctx), {
        type: 'serviceAccount.updated',
        subject: { type: 'ServiceAccount', id, name },
        details: { from: { name: account.name, description: account.description }, to: { name, description } },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeServiceAccount(ctx, outcome)),
  );
}
