import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { holdMembership } from '../organization/membership.js';
import { readAccessChange } from './access-change.js';
import { loadSecretKey } from './load-secret-key.js';
import { keptById, outcomeOf } from './outcome.js';
import type { SetSecretAccessInput } from './secret-key.inputs.js';
import type { SecretKeyOutcome } from './secret-key.type.js';
import { changeAccess } from './write-access.js';

/** Replaces who may use and manage a key. The caller may not hand out a permission that the policy does not let them grant. */
export async function setSecretAccess(ctx: RequestContext, input: SetSecretAccessInput): Promise<SecretKeyOutcome> {
  return write(
    ctx,
    'setSecretAccess',
    input,
    async (tx) => {
      await holdMembership(tx, ctx.principal.organizationId);
      const key = await loadSecretKey(ctx, tx, input.id);
      const { decision, before, grants } = await readAccessChange(ctx, tx, key, input);
      await changeAccess(tx, ctx.writer, key, { accessLevel: input.level, grants }, ctx.now);
      const outcome = await outcomeOf(ctx, tx, key);
      await recordAudit(tx, actorOf(ctx), {
        type: 'secretKey.accessChanged',
        subject: { type: 'SecretKey', id: key.id, name: key.name },
        details: { from: { level: key.accessLevel, grants: before }, to: { level: input.level, grants } },
        decision,
      });
      return outcome;
    },
    keptById(ctx),
  );
}
