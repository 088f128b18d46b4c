/** What verbs on one group return, and when it may be returned again. */
import type { Transaction } from '../../database/database.js';
import { must, type RequestContext } from '../../graphql/context.js';
import { reloadGrantee } from '../member/grantee-row.js';
import type { MemberRecord } from '../member/member.record.js';
import { memberOutcome, mustStillSeeMember } from '../member/outcome.js';
import { type GroupRecord, groupRecord, groupSubject } from './group.record.js';

export interface GroupOutcome {
  readonly group: GroupRecord;
}

export interface GroupMembershipOutcome extends GroupOutcome {
  readonly member: MemberRecord;
}

type Identified<Record extends { readonly organizationId: unknown; readonly id: unknown }> = Pick<
  Record,
  'organizationId' | 'id'
>;

/** The group as it is after the writes of this transaction. */
export async function groupOutcome(tx: Transaction, group: Identified<GroupRecord>): Promise<GroupOutcome> {
  return { group: groupRecord(await reloadGrantee(tx, group)) };
}

export async function groupMembershipOutcome(
  tx: Transaction,
  group: Identified<GroupRecord>,
  member: Identified<MemberRecord>,
): Promise<GroupMembershipOutcome> {
  return { ...(await groupOutcome(tx, group)), ...(await memberOutcome(tx, member)) };
}

/** A stored answer is given again only to someone who may see the group now. */
export async function mustStillSeeGroup(ctx: RequestContext, outcome: GroupOutcome): Promise<void> {
  must(ctx, 'read', groupSubject(outcome.group));
}

export async function mustStillSeeBoth(ctx: RequestContext, outcome: GroupMembershipOutcome): Promise<void> {
  await mustStillSeeGroup(ctx, outcome);
  await mustStillSeeMember(ctx, outcome);
}
