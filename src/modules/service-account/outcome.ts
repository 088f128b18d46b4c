/** What verbs on one service account return, and when it may be returned again. */
import type { Transaction } from '../../database/database.js';
import { must, type RequestContext } from '../../graphql/context.js';
import { reloadGrantee } from '../member/grantee-row.js';
import {
  type ServiceAccountRecord,
  type ServiceAccountTokenRecord,
  serviceAccountRecord,
  serviceAccountSubject,
  tokenSubject,
} from './service-account.record.js';

export interface ServiceAccountOutcome {
  readonly serviceAccount: ServiceAccountRecord;
}

/** Never the token itself: outcomes are stored. */
export interface ServiceAccountTokenOutcome {
  readonly serviceAccountToken: ServiceAccountTokenRecord;
}

/** The account as it is after the writes of this transaction. */
export async function serviceAccountOutcome(
  tx: Transaction,
  account: Pick<ServiceAccountRecord, 'organizationId' | 'id'>,
): Promise<ServiceAccountOutcome> {
  return { serviceAccount: serviceAccountRecord(await reloadGrantee(tx, account)) };
}

/** A stored answer is given again only to someone who may see the account now. */
export async function mustStillSeeServiceAccount(ctx: RequestContext, outcome: ServiceAccountOutcome): Promise<void> {
  must(ctx, 'read', serviceAccountSubject(outcome.serviceAccount));
}

export async function mustStillSeeToken(ctx: RequestContext, outcome: ServiceAccountTokenOutcome): Promise<void> {
  must(ctx, 'read', tokenSubject(outcome.serviceAccountToken));
}
