import { recordAudit } from '../../audit/audit-log.js';
import { insertUnique } from '../../database/database.js';
import { conflict } from '../../errors.js';
import { actorOf, mustCreate, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { bumpMembershipVersion, insertGrantee, insertIdentity, lockMembership } from '../organization/membership.js';
import type { IdentityEntity } from '../organization/organization.entity.js';
import { readEmail } from './email.js';
import type { AddMemberInput } from './member.inputs.js';
import { type MemberOutcome, memberOutcome, mustStillSeeMember } from './outcome.js';

/** Adds a person, who signs in with the given identity. CONFLICT when that identity is a member already, also a deactivated one. */
export async function addMember(ctx: RequestContext, input: AddMemberInput): Promise<MemberOutcome> {
  const { organizationId, id: createdById } = ctx.principal;
  const decision = mustCreate(ctx, { type: 'Member', attributes: { organizationId } });

  const check = new InputCheck();
  const name = check.name('input.name', input.name);
  const email = readEmail(check, 'input.email', input.email);
  const identity = readIdentity(check, input, ctx.services.defaultIssuer);
  check.done();
  const { role } = input;

  return write(
    ctx,
    'addMember',
    input,
    async (tx) => {
      await lockMembership(tx, organizationId);
      const id = await insertGrantee(tx, ctx.writer, {
        organizationId,
        kind: 'PERSON',
        name,
        role,
        email,
        createdById,
        now: ctx.now,
      });
      await insertUnique(
        () => insertIdentity(tx, ctx.writer, { ...identity, organizationId, personId: id }),
        () => conflict('This identity is a member of the organization already.'),
      );
      await bumpMembershipVersion(tx, organizationId);
      const outcome = await memberOutcome(tx, { organizationId, id });
      await recordAudit(tx, actorOf(ctx), {
        type: 'member.added',
        subject: { type: 'Member', id, name },
        details: { role, email, ...identity },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeMember(ctx, outcome)),
  );
}

/** Both parts are compared with a token's claims character by character, so neither is tidied. */
function readIdentity(
  check: InputCheck,
  input: Pick<AddMemberInput, 'issuer' | 'subject'>,
  defaultIssuer: string | null,
): Pick<IdentityEntity, 'issuer' | 'subject'> {
  const { subject } = input;
  const issuer = input.issuer ?? defaultIssuer;
  if (!/^[!-~](?:[ -~]{0,253}[!-~])?$/.test(subject)) {
    check.add('input.subject', 'must have 1 to 255 printable ASCII characters, no space at either end');
  }
  if (issuer === null) check.add('input.issuer', 'is required, because no identity provider is configured');
  else if (!/^[^\s\p{C}]{1,255}$/u.test(issuer)) check.add('input.issuer', 'must have 1 to 255 characters, no spaces');
  return { issuer: issuer ?? '', subject };
}
