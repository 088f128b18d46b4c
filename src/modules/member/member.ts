import type { RequestContext } from '../../graphql/context.js';
import { findGrantee } from './grantee-row.js';
import { memberRecord, memberSubject } from './member.record.js';
import { Member } from './member.type.js';

/** One member, or null when they are absent or hidden. */
export async function member(ctx: RequestContext, id: string): Promise<Member | null> {
  const person = await findGrantee(ctx, 'PERSON', id);
  return person !== null && ctx.authz.can('read', memberSubject(person)) ? new Member(memberRecord(person)) : null;
}
