/** Refuses changes of membership that would leave the organization, or a key, with nobody to manage it. */
import type { Transaction } from '../../database/database.js';
import { ApiError } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { keysLeftWithoutManager } from '../secret-key/grants-input.js';
import type { GranteeRow } from './grantee-row.js';

/** A refusal names at most so many keys. */
const mostNamed = 10;

/** LAST_MANAGER when nobody but this person is an active administrator. */
export async function mustKeepAdministrator(
  tx: Transaction,
  person: Pick<GranteeRow, 'organizationId' | 'id'>,
): Promise<void> {
  const [other] = await tx.query(
    `SELECT 1 AS found FROM grantee
     WHERE organization_id = ? AND kind = 'PERSON' AND state = 'ACTIVE' AND role = 'ADMIN' AND id <> ? LIMIT 1`,
    [person.organizationId, person.id],
  );
  if (other === undefined)
    throw new ApiError('LAST_MANAGER', 'The organization keeps at least one active administrator.');
}

type Loss = Parameters<typeof keysLeftWithoutManager>[2];

/**
 * LAST_MANAGER when the loss would leave keys without a manager. `extensions.secretKeys` then names some of them, unless the
 * caller may not see every key.
 */
export async function mustKeepManagers(ctx: RequestContext, tx: Transaction, loss: Loss): Promise<void> {
  const secretKeys = await keysLeftWithoutManager(tx, ctx.principal.organizationId, loss, mostNamed);
  if (secretKeys.length === 0) return;
  const maySeeAll = ctx.authz.accessibleBy('read', 'SecretKey').kind === 'organization';
  throw new ApiError(
    'LAST_MANAGER',
    'The change would leave keys without a manager who is an active person, or a group with one in it.',
    maySeeAll ? { secretKeys } : {},
  );
}
