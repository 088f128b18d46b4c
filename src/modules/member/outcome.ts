/** What verbs on one member return, and when it may be returned again. */
import type { Transaction } from '../../database/database.js';
import { must, type RequestContext } from '../../graphql/context.js';
import { reloadGrantee } from './grantee-row.js';
import { type MemberRecord, memberRecord, memberSubject } from './member.record.js';

export interface MemberOutcome {
  readonly member: MemberRecord;
}

/** The member as they are after the writes of this transaction. */
export async function memberOutcome(
  tx: Transaction,
  member: Pick<MemberRecord, 'organizationId' | 'id'>,
): Promise<MemberOutcome> {
  return { member: memberRecord(await reloadGrantee(tx, member)) };
}

/** A stored answer is given again only to someone who may see the member now. */
export async function mustStillSeeMember(ctx: RequestContext, outcome: MemberOutcome): Promise<void> {
  must(ctx, 'read', memberSubject(outcome.member));
}
