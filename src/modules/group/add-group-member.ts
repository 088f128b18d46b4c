import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { loadGrantee } from '../member/grantee-row.js';
import { memberSubject } from '../member/member.record.js';
import { insertGroupMembership, lockMembership } from '../organization/membership.js';
import { GroupMembershipEntity } from '../organization/organization.entity.js';
import type { AddGroupMemberInput } from './group.inputs.js';
import { groupSubject } from './group.record.js';
import { type GroupMembershipOutcome, groupMembershipOutcome, mustStillSeeBoth } from './outcome.js';

/** Puts a member into a group; whoever is in it stays in it. Keys shared with the group are theirs from the next request on. */
export async function addGroupMember(ctx: RequestContext, input: AddGroupMemberInput): Promise<GroupMembershipOutcome> {
  return write(
    ctx,
    'addGroupMember',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const group = await loadGrantee(ctx, tx, 'GROUP', input.groupId);
      const decision = must(ctx, 'addMember', groupSubject(group));
      const member = await loadGrantee(ctx, tx, 'PERSON', input.memberId);
      must(ctx, 'read', memberSubject(member));
      const membership = { organizationId: group.organizationId, groupId: group.id, personId: member.id };
      const outcome = await groupMembershipOutcome(tx, group, member);
      if (await tx.manager.existsBy(GroupMembershipEntity, membership)) return outcome;
      await insertGroupMembership(tx, ctx.writer, membership, ctx.now);
      await recordAudit(tx, actorOf(ctx), {
        type: 'group.memberAdded',
        subject: { type: 'Group', id: group.id, name: group.name },
        details: { member: { id: member.id, name: member.name } },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeBoth(ctx, outcome)),
  );
}
