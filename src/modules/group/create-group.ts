import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, mustCreate, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { bumpMembershipVersion, insertGrantee, lockMembership } from '../organization/membership.js';
import { mustBeFree } from './free-name.js';
import type { CreateGroupInput } from './group.inputs.js';
import { type GroupOutcome, groupOutcome, mustStillSeeGroup } from './outcome.js';

/** Creates a group without members. */
export async function createGroup(ctx: RequestContext, input: CreateGroupInput): Promise<GroupOutcome> {
  const { organizationId, id: createdById } = ctx.principal;
  const decision = mustCreate(ctx, { type: 'Group', attributes: { organizationId } });
  const check = new InputCheck();
  const name = check.name('input.name', input.name);
  const description = check.text('input.description', input.description);
  check.done();
  return write(
    ctx,
    'createGroup',
    input,
    async (tx) => {
      await lockMembership(tx, organizationId);
      await mustBeFree(tx, organizationId, 'GROUP', name);
      const id = await insertGrantee(tx, ctx.writer, {
        organizationId,
        kind: 'GROUP',
        name,
        description,
        createdById,
        now: ctx.now,
      });
      await bumpMembershipVersion(tx, organizationId);
      const outcome = await groupOutcome(tx, { organizationId, id });
      await recordAudit(tx, actorOf(ctx), {
        type: 'group.created',
        subject: { type: 'Group', id, name },
        details: { description },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeGroup(ctx, outcome)),
  );
}
