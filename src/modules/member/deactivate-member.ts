import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { changeStanding, lockMembership } from '../organization/membership.js';
import { loadGrantee } from './grantee-row.js';
import { mustKeepAdministrator, mustKeepManagers } from './last-manager.js';
import type { DeactivateMemberInput } from './member.inputs.js';
import { memberSubject } from './member.record.js';
import { type MemberOutcome, memberOutcome, mustStillSeeMember } from './outcome.js';

/** Lets a member sign in no longer, from the next request on. Groups and grants are kept for their return. */
export async function deactivateMember(ctx: RequestContext, input: DeactivateMemberInput): Promise<MemberOutcome> {
  return write(
    ctx,
    'deactivateMember',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const member = await loadGrantee(ctx, tx, 'PERSON', input.id);
      const decision = must(ctx, 'deactivate', memberSubject(member));
      if (member.state === 'DEACTIVATED') return memberOutcome(tx, member);
      await mustKeepAdministrator(tx, member);
      await mustKeepManagers(ctx, tx, { personId: member.id });
      await changeStanding(tx, ctx.writer, member, { state: 'DEACTIVATED' }, ctx.now);
      const outcome = await memberOutcome(tx, member);
      await recordAudit(tx, actorOf(ctx), {
        type: 'member.deactivated',
        subject: { type: 'Member', id: member.id, name: member.name },
        details: { from: member.state, to: 'DEACTIVATED' },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeMember(ctx, outcome)),
  );
}
