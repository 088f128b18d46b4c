import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { loadGrantee } from '../member/grantee-row.js';
import { mustKeepManagers } from '../member/last-manager.js';
import { memberSubject } from '../member/member.record.js';
import { lockMembership, removeGroupMembership } from '../organization/membership.js';
import { GroupMembershipEntity } from '../organization/organization.entity.js';
import type { RemoveGroupMemberInput } from './group.inputs.js';
import { groupSubject } from './group.record.js';
import { type GroupMembershipOutcome, groupMembershipOutcome, mustStillSeeBoth } from './outcome.js';

/** Takes a member out of a group; whoever is not in it stays out. LAST_MANAGER when a key would be left without a manager. */
export async function removeGroupMember(
  ctx: RequestContext,
  input: RemoveGroupMemberInput,
): Promise<GroupMembershipOutcome> {
  return write(
    ctx,
    'removeGroupMember',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const group = await loadGrantee(ctx, tx, 'GROUP', input.groupId);
      const decision = must(ctx, 'removeMember', groupSubject(group));
      const member = await loadGrantee(ctx, tx, 'PERSON', input.memberId);
      must(ctx, 'read', memberSubject(member));
      const membership = { organizationId: group.organizationId, groupId: group.id, personId: member.id };
      const outcome = await groupMembershipOutcome(tx, group, member);
      if (!(await tx.manager.existsBy(GroupMembershipEntity, membership))) return outcome;
      await mustKeepManagers(ctx, tx, { groupId: group.id, personId: member.id });
      await removeGroupMembership(tx, ctx.writer, membership, ctx.now);
      await recordAudit(tx, actorOf(ctx), {
        type: 'group.memberRemoved',
        subject: { type: 'Group', id: group.id, name: group.name },
        details: { member: { id: member.id, name: member.name } },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeBoth(ctx, outcome)),
  );
}
