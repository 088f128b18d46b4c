import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { loadGrantee } from '../member/grantee-row.js';
import { foldName } from '../names.js';
import { bumpMembershipVersion, lockMembership } from '../organization/membership.js';
import { GranteeEntity } from '../organization/organization.entity.js';
import { mustBeFree } from './free-name.js';
import type { UpdateGroupInput } from './group.inputs.js';
import { groupSubject } from './group.record.js';
import { type GroupOutcome, groupOutcome, mustStillSeeGroup } from './outcome.js';

/** Changes a group's name or description. What is the same already changes nothing. */
export async function updateGroup(ctx: RequestContext, input: UpdateGroupInput): Promise<GroupOutcome> {
  return write(
    ctx,
    'updateGroup',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const group = await loadGrantee(ctx, tx, 'GROUP', input.id);
      const decision = must(ctx, 'update', groupSubject(group));
      const check = new InputCheck();
      const name = check.name('input.name', input.name ?? group.name);
      const description =
        input.description === undefined ? group.description : check.text('input.description', input.description);
      check.done();
      if (name === group.name && description === group.description) return groupOutcome(tx, group);
      const { organizationId, id } = group;
      await mustBeFree(tx, organizationId, 'GROUP', name, id);
      await tx.manager.update(
        GranteeEntity,
        { organizationId, id },
        { name, nameKey: foldName(name), description, updatedAt: ctx.now },
      );
      await bumpMembershipVersion(tx, organizationId);
      const outcome = await groupOutcome(tx, group);
      await recordAudit(tx, actorOf(ctx), {
        type: 'group.updated',
        subject: { type: 'Group', id, name },
        details: { from: { name: group.name, description: group.description }, to: { name, description } },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeGroup(ctx, outcome)),
  );
}
