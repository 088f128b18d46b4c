/** What verbs on one key return, and when it may be returned again. */
import type { Transaction } from '../../database/database.js';
import type { RequestContext } from '../../graphql/context.js';
import { loadSecretKey, reloadSecretKey } from './load-secret-key.js';
import type { WarningCodeName } from './secret-key.enums.js';
import { type SecretKeyRecord, secretKeySubject } from './secret-key.record.js';
import type { SecretKeyOutcome } from './secret-key.type.js';

/** The key as it is after the writes of this transaction, or null when the caller may no longer see it. */
export async function outcomeOf(
  ctx: RequestContext,
  tx: Transaction,
  key: Pick<SecretKeyRecord, 'organizationId' | 'id'>,
  warnings: readonly WarningCodeName[] = [],
): Promise<SecretKeyOutcome> {
  const now = await reloadSecretKey(tx, key);
  return { secretKey: ctx.authz.can('read', secretKeySubject(now)) ? now : null, warnings };
}

/** A stored answer is given again only to someone who may see the key now. */
export async function mustStillSee(ctx: RequestContext, tx: Transaction, outcome: SecretKeyOutcome): Promise<void> {
  if (outcome.secretKey !== null) await loadSecretKey(ctx, tx, outcome.secretKey.id);
}
