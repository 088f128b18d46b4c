import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { mustNotBeReferenced } from '../workflow/references-of-key.js';
import { loadSecretKey } from './load-secret-key.js';
import { SecretKeyEntity } from './secret-key.entity.js';
import type { DeleteSecretKeyInput } from './secret-key.inputs.js';
import { secretKeySubject } from './secret-key.record.js';
import { changeAccess, removeAccessRows } from './write-access.js';

export const dayInMilliseconds = 24 * 60 * 60 * 1000;

export interface DeleteOutcome {
  readonly deletedId: string;
  readonly restorableUntil: number;
}

/**
 * Deletes a key: it is gone from every list at once, its name is free, and it can be restored within the retention time. A key that
 * workflows name is kept, unless the caller means to break them; restoring it mends them.
 */
export async function deleteSecretKey(ctx: RequestContext, input: DeleteSecretKeyInput): Promise<DeleteOutcome> {
  return write(
    ctx,
    'deleteSecretKey',
    input,
    async (tx) => {
      const key = await loadSecretKey(ctx, tx, input.id);
      const decision = must(ctx, 'delete', secretKeySubject(key));
      if (!input.breakReferences) await mustNotBeReferenced(ctx, tx, key);
      const { organizationId, id } = key;
      await changeAccess(tx, ctx.writer, key, { deletedAt: ctx.now }, ctx.now);
      await tx.manager.update(
        SecretKeyEntity,
        { organizationId, id },
        { nameKey: null, deletedById: ctx.principal.id },
      );
      await removeAccessRows(tx, key);
      const restorableUntil = ctx.now + ctx.services.retentionDays * dayInMilliseconds;
      await recordAudit(tx, actorOf(ctx), {
        type: 'secretKey.deleted',
        subject: { type: 'SecretKey', id, name: key.name },
        details: { restorableUntil },
        decision,
      });
      return { deletedId: id, restorableUntil };
    },
    asItWas(),
  );
}
