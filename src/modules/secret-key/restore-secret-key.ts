import { recordAudit } from '../../audit/audit-log.js';
import { insertUnique, type Transaction } from '../../database/database.js';
import { notFound } from '../../errors.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { holdMembership } from '../organization/membership.js';
import { nameTaken } from './create-secret-key.js';
import { dayInMilliseconds } from './delete-secret-key.js';
import { keepsManager, mustKeepManager } from './grants-input.js';
import { loadSecretKey } from './load-secret-key.js';
import { keptById, outcomeOf } from './outcome.js';
import { SecretKeyEntity } from './secret-key.entity.js';
import type { RestoreSecretKeyInput } from './secret-key.inputs.js';
import { type SecretKeyRecord, secretKeySubject } from './secret-key.record.js';
import type { SecretKeyOutcome } from './secret-key.type.js';
import { changeAccess, type Grant, grantsOfRecord } from './write-access.js';

/** Brings a deleted key back, with its value and its grants. NOT_FOUND once the retention time is over. */
export async function restoreSecretKey(ctx: RequestContext, input: RestoreSecretKeyInput): Promise<SecretKeyOutcome> {
  return write(
    ctx,
    'restoreSecretKey',
    input,
    async (tx) => {
      await holdMembership(tx, ctx.principal.organizationId);
      const key = await loadSecretKey(ctx, tx, input.id, 'DELETED');
      const decision = must(ctx, 'restore', secretKeySubject(key));
      if ((key.deletedAt ?? 0) + ctx.services.retentionDays * dayInMilliseconds <= ctx.now) throw notFound();
      const check = new InputCheck();
      const name = check.name('input.name', input.name ?? key.name);
      check.done();
      const { organizationId, id } = key;
      const restored = { name, nameKey: foldName(name), deletedById: null };
      await insertUnique(() => tx.manager.update(SecretKeyEntity, { organizationId, id }, restored), nameTaken);
      const grants = await grantsOnReturn(ctx, tx, key);
      await changeAccess(tx, ctx.writer, { ...key, name }, { grants, deletedAt: null }, ctx.now);
      const outcome = await outcomeOf(ctx, tx, key);
      await recordAudit(tx, actorOf(ctx), {
        type: 'secretKey.restored',
        subject: { type: 'SecretKey', id, name },
        details: { formerName: key.name, grants },
        decision,
      });
      return outcome;
    },
    keptById(ctx),
  );
}

/** The grants to those who still exist. When no manager is left among them, whoever brings the key back manages it. */
async function grantsOnReturn(ctx: RequestContext, tx: Transaction, key: SecretKeyRecord): Promise<readonly Grant[]> {
  const kept = grantsOfRecord({ grants: key.grants.filter(({ grantee }) => grantee.state !== 'DELETED') });
  if (await keepsManager(tx, key.organizationId, kept)) return kept;
  const others = kept.filter(({ granteeId }) => granteeId !== ctx.principal.id);
  const grants: Grant[] = [...others, { granteeId: ctx.principal.id, permission: 'MANAGE' }];
  await mustKeepManager(tx, key.organizationId, grants);
  return grants;
}
