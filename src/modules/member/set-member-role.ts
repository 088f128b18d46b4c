import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { changeStanding, lockMembership } from '../organization/membership.js';
import { loadGrantee } from './grantee-row.js';
import { mustKeepAdministrator, mustKeepManagers } from './last-manager.js';
import type { SetMemberRoleInput } from './member.inputs.js';
import { memberSubject } from './member.record.js';
import { type MemberOutcome, memberOutcome, mustStillSeeMember } from './outcome.js';

/** Gives a member a role. LAST_MANAGER when the organization would lose its last administrator, or a key its last manager. */
export async function setMemberRole(ctx: RequestContext, input: SetMemberRoleInput): Promise<MemberOutcome> {
  return write(
    ctx,
    'setMemberRole',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const member = await loadGrantee(ctx, tx, 'PERSON', input.id);
      const decision = must(ctx, 'setRole', memberSubject(member));
      const { role } = input;
      if (role === member.role) return memberOutcome(tx, member);
      if (role !== 'ADMIN') await mustKeepAdministrator(tx, member);
      if (role === 'AUDITOR') await mustKeepManagers(ctx, tx, { personId: member.id });
      await changeStanding(tx, ctx.writer, member, { role }, ctx.now);
      const outcome = await memberOutcome(tx, member);
      await recordAudit(tx, actorOf(ctx), {
        type: 'member.roleChanged',
        subject: { type: 'Member', id: member.id, name: member.name },
        details: { from: member.role, to: role },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeMember(ctx, outcome)),
  );
}
