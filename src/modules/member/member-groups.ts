import type { RequestContext } from '../../graphql/context.js';
import { Group } from '../group/group.type.js';
import type { Member } from './member.type.js';

/** `Member.groups`, by name. */
export async function memberGroups(ctx: RequestContext, member: Member): Promise<Group[]> {
  const groups = await ctx.loaders.groupsOfMember.load(member.record.id);
  return groups.map((group) => new Group(group));
}
