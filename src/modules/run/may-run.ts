/**
 * Whether a run may use the keys of its steps, decided when it is asked for as the runner decides it again: whoever starts the run
 * and whoever last edited a step must hold `use` on every key in it, and `useRaw` where code gets the value itself. Whoever last edited a
 * step must hold them also on the keys behind the outputs that it reads.
 */
import type { Transaction } from '../../database/database.js';
import { ApiError } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import type { GranteeId, OrganizationId, SecretKeyId } from '../../ids.js';
import type { Principal } from '../../principal.js';
import { principalColumns, principalOf } from '../organization/principal-row.js';
import { type SecretKeyRecord, secretKeySubject } from '../secret-key/secret-key.record.js';
import { actionsOfUse } from '../workflow/actions-of-use.js';
import { holdKeys } from '../workflow/check-keys.js';
import { keysBehindOutputs, type NamedKey } from '../workflow/keys-behind-outputs.js';
import { keysInSteps } from '../workflow/keys-in-steps.js';
import type { StepDefinition } from '../workflow/step-definition.js';

/**
 * Throws CONFLICT when a key that the caller may see has expired. Otherwise FORBIDDEN when somebody may not use a key or it is gone, with the
 * ids of the keys that the caller may see and the number of the others, of which it tells nothing more. The keys stay as they are until the
 * transaction ends. Hold the membership before.
 */
export async function mustBeRunnable(
  ctx: RequestContext,
  tx: Transaction,
  steps: readonly StepDefinition[],
): Promise<void> {
  const { organizationId } = ctx.principal;
  const behind = keysBehindOutputs(steps);
  const uses = steps.flatMap((step) => {
    const own = keysInSteps([step]).map(({ secretKeyId }): NamedKey => ({ secretKeyId, step }));
    return [...own, ...(behind.get(step.id) ?? [])].map((key) => ({ ...key, editedById: step.editedById }));
  });
  const ids = distinct(uses.map(({ secretKeyId }) => secretKeyId));
  if (ids.length === 0) return;
  const keys = await holdKeys(tx, organizationId, ids);

  const hasExpired = ({ expiresAt }: SecretKeyRecord) => expiresAt !== null && expiresAt <= ctx.now;
  const expired = ids.filter((id) => holds(keys.get(id), (key) => isSeen(ctx, key) && hasExpired(key)));
  if (expired.length > 0) {
    throw new ApiError('CONFLICT', 'A key in the steps has expired.', { secretKeys: expired, otherSecretKeyCount: 0 });
  }
  const editors = await activePrincipals(tx, organizationId, distinct(uses.map(({ editedById }) => editedById)));
  const mayUse = (principal: Principal | undefined, id: SecretKeyId, step: StepDefinition): boolean => {
    if (principal === undefined) return false;
    const authorizer = principal.id === ctx.principal.id ? ctx.authz : ctx.services.policies.authorize(principal);
    return holds(keys.get(id), (key) =>
      actionsOfUse(step, key).every((action) => authorizer.can(action, secretKeySubject(key))),
    );
  };
  const refused = uses
    .filter(({ secretKeyId, step, editedById }) => {
      const isUsable = holds(keys.get(secretKeyId), (key) => !hasExpired(key));
      return !isUsable || [ctx.principal, editors.get(editedById)].some((one) => !mayUse(one, secretKeyId, step));
    })
    .map(({ secretKeyId }) => secretKeyId);
  if (refused.length > 0) {
    const message = 'A key in the steps is gone, or you or whoever last edited a step may not use it.';
    throw new ApiError('FORBIDDEN', message, named(ctx, keys, distinct(refused)));
  }
}

const distinct = <Id extends string>(ids: readonly Id[]): Id[] => [...new Set(ids)].sort();

const holds = (key: SecretKeyRecord | undefined, condition: (key: SecretKeyRecord) => boolean): boolean =>
  key !== undefined && condition(key);

const isSeen = (ctx: RequestContext, key: SecretKeyRecord): boolean => ctx.authz.can('read', secretKeySubject(key));

/** What an error says of keys: one that the caller may not see is only counted. */
function named(
  ctx: RequestContext,
  keys: ReadonlyMap<SecretKeyId, SecretKeyRecord>,
  ids: readonly SecretKeyId[],
): { readonly secretKeys: readonly SecretKeyId[]; readonly otherSecretKeyCount: number } {
  const secretKeys = ids.filter((id) => holds(keys.get(id), (key) => isSeen(ctx, key)));
  return { secretKeys, otherSecretKeyCount: ids.length - secretKeys.length };
}

async function activePrincipals(
  tx: Transaction,
  organizationId: OrganizationId,
  ids: readonly GranteeId[],
): Promise<ReadonlyMap<GranteeId, Principal>> {
  const rows = await tx.query(
    `SELECT ${principalColumns(tx.dialect)} FROM grantee g
     WHERE g.organization_id = ? AND g.state = 'ACTIVE' AND g.kind IN ('PERSON', 'SERVICE_ACCOUNT')
     AND g.id IN (${ids.map(() => '?').join(', ')})`,
    [organizationId, ...ids],
  );
  return new Map(rows.map(principalOf).map((principal) => [principal.id, principal]));
}
