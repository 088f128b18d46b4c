import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { holdMembership } from '../organization/membership.js';
import { principalsOf } from '../organization/principals-of.js';
import { workflowsThatStop } from '../workflow/references-of-key.js';
import { readAccessChange } from './access-change.js';
import { loadSecretKey } from './load-secret-key.js';
import { keptById, outcomeOf } from './outcome.js';
import type { SetSecretAccessInput } from './secret-key.inputs.js';
import { secretKeySubject } from './secret-key.record.js';
import type { SecretKeyOutcome } from './secret-key.type.js';
import { changeAccess, type Grant } from './write-access.js';

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
      const after = { ...key, accessLevel: input.level, grants: grants.map(asRecordGrant) };
      const stops = await workflowsThatStop(
        ctx,
        tx,
        key,
        { before: secretKeySubject(key), after: secretKeySubject(after) },
        await principalsOf(ctx.database, ctx.writer.verifier, key.organizationId),
      );
      await changeAccess(tx, ctx.writer, key, { accessLevel: input.level, grants }, ctx.now);
      const outcome = await outcomeOf(ctx, tx, key, stops.length > 0 ? ['WORKFLOWS_STOP'] : []);
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

const asRecordGrant = ({ granteeId, permission }: Grant) => ({ grantee: { id: granteeId }, permission });
