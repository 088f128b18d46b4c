/** What verbs on one key return, and when it may be returned again. */
import type { Transaction } from '../../database/database.js';
import type { RequestContext } from '../../graphql/context.js';
import type { Memory } from '../../graphql/write.js';
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
  const now = await reloadSecretKey(ctx, tx, key);
  return { secretKey: ctx.authz.can('read', secretKeySubject(now)) ? now : null, warnings };
}

/**
 * Of an outcome only the key's id is kept: a repeated request gets the key as it is now, and every field of it is decided by what
 * the caller may see now. Warnings are found anew, so that nothing about a value is stored.
 */
export const keptById = (
  ctx: RequestContext,
  warnings: (key: SecretKeyRecord) => readonly WarningCodeName[] = () => [],
): Memory<SecretKeyOutcome, { readonly secretKeyId: string | null }> => ({
  keep: ({ secretKey }) => ({ secretKeyId: secretKey?.id ?? null }),
  recall: async (tx, { secretKeyId }) => {
    if (secretKeyId === null) return { secretKey: null, warnings: [] };
    const key = await loadSecretKey(ctx, tx, secretKeyId);
    return { secretKey: key, warnings: warnings(key) };
  },
});
