import type { RequestContext } from '../../graphql/context.js';
import { findGrantee } from '../member/grantee-row.js';
import { groupRecord, groupSubject } from './group.record.js';
import { Group } from './group.type.js';

/** One group, or null when it is absent or hidden. */
export async function group(ctx: RequestContext, id: string): Promise<Group | null> {
  const found = await findGrantee(ctx, 'GROUP', id);
  return found !== null && ctx.authz.can('read', groupSubject(found)) ? new Group(groupRecord(found)) : null;
}
