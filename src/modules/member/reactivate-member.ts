import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { changeStanding, lockMembership } from '../organization/membership.js';
import { loadGrantee } from './grantee-row.js';
import type { ReactivateMemberInput } from './member.inputs.js';
import { memberSubject } from './member.record.js';
import { type MemberOutcome, memberOutcome, mustStillSeeMember } from './outcome.js';

/** Lets a deactivated member sign in again, with the role, groups and grants that they had. */
export async function reactivateMember(ctx: RequestContext, input: ReactivateMemberInput): Promise<MemberOutcome> {
  return write(
    ctx,
    'reactivateMember',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const member = await loadGrantee(ctx, tx, 'PERSON', input.id);
      const decision = must(ctx, 'reactivate', memberSubject(member));
      if (member.state === 'ACTIVE') return memberOutcome(tx, member);
      await changeStanding(tx, ctx.writer, member, { state: 'ACTIVE' }, ctx.now);
      const outcome = await memberOutcome(tx, member);
      await recordAudit(tx, actorOf(ctx), {
        type: 'member.reactivated',
        subject: { type: 'Member', id: member.id, name: member.name },
        details: { from: member.state, to: 'ACTIVE' },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeMember(ctx, outcome)),
  );
}
