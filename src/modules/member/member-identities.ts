import type { RequestContext } from '../../graphql/context.js';
import { type Member, MemberIdentity } from './member.type.js';

/** `Member.identities`. */
export async function memberIdentities(ctx: RequestContext, member: Member): Promise<MemberIdentity[]> {
  const identities = await ctx.loaders.identitiesOfMember.load(member.record.id);
  return identities.map((identity) => new MemberIdentity(member.record, identity));
}
