import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { bumpMembershipVersion, lockMembership } from '../organization/membership.js';
import { GranteeEntity } from '../organization/organization.entity.js';
import { readEmail } from './email.js';
import { loadGrantee } from './grantee-row.js';
import type { UpdateMemberInput } from './member.inputs.js';
import { memberSubject } from './member.record.js';
import { type MemberOutcome, memberOutcome, mustStillSeeMember } from './outcome.js';

/** Changes a member's name or address. What is the same already changes nothing. */
export async function updateMember(ctx: RequestContext, input: UpdateMemberInput): Promise<MemberOutcome> {
  return write(
    ctx,
    'updateMember',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const member = await loadGrantee(ctx, tx, 'PERSON', input.id);
      const decision = must(ctx, 'update', memberSubject(member));
      const check = new InputCheck();
      const name = check.name('input.name', input.name ?? member.name);
      const email = input.email === undefined ? member.email : readEmail(check, 'input.email', input.email);
      check.done();
      if (name === member.name && email === member.email) return memberOutcome(tx, member);
      const { organizationId, id } = member;
      await tx.manager.update(
        GranteeEntity,
        { organizationId, id },
        { name, nameKey: foldName(name), email, updatedAt: ctx.now },
      );
      await bumpMembershipVersion(tx, organizationId);
      const outcome = await memberOutcome(tx, member);
      await recordAudit(tx, actorOf(ctx), {
        type: 'member.updated',
        subject: { type: 'Member', id, name },
        details: { from: { name: member.name, email: member.email }, to: { name, email } },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeMember(ctx, outcome)),
  );
}
