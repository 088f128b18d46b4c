/** `Group.members`: who is in a group by name, the deactivated ones included. */
import { type Page, type PageArguments, pageOf, readPageArguments } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { placeByName } from '../member/grantee-page.js';
import { memberRecord } from '../member/member.record.js';
import { Member } from '../member/member.type.js';
import type { Group } from './group.type.js';

const order = 'groupMembers';

export async function listGroupMembers(ctx: RequestContext, group: Group, args: PageArguments): Promise<Page<Member>> {
  const { id: groupId } = group.record;
  const request = readPageArguments(args, order);
  const rows = await ctx.loaders.membersOfGroup.load({ id: groupId, request });
  return pageOf(
    rows,
    request,
    order,
    placeByName,
    (person) => new Member(memberRecord(person)),
    () => ctx.loaders.memberCountOfGroup.load(groupId),
  );
}
