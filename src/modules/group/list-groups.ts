/** `groups`: the groups of the organization by name. */
import type { Page } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { granteePage } from '../member/grantee-page.js';
import type { GroupsArgs } from './group.inputs.js';
import { groupRecord } from './group.record.js';
import { Group } from './group.type.js';

export function listGroups(ctx: RequestContext, args: GroupsArgs): Promise<Page<Group>> {
  return granteePage(
    ctx,
    'groups',
    'GROUP',
    { search: args.search, state: 'ACTIVE' },
    args,
    (group) => new Group(groupRecord(group)),
  );
}
