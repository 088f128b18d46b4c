import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { mustExpectRevision } from './access-change.js';
import { loadSecretKey } from './load-secret-key.js';
import { keptById, outcomeOf } from './outcome.js';
import type { SetSecretUseInput } from './secret-key.inputs.js';
import { secretKeySubject } from './secret-key.record.js';
import type { SecretKeyOutcome } from './secret-key.type.js';
import { readAllowedHosts, readPlacements, readUses, warningsOfUse } from './use-terms.js';
import { changeAccess } from './write-access.js';

/** Changes where and how a key may be used. What the input omits stays as it is. */
export async function setSecretUse(ctx: RequestContext, input: SetSecretUseInput): Promise<SecretKeyOutcome> {
  return write(
    ctx,
    'setSecretUse',
    input,
    async (tx) => {
      const key = await loadSecretKey(ctx, tx, input.id);
      const decision = must(ctx, 'setUse', secretKeySubject(key));
      const check = new InputCheck();
      const rawReason = check.text('input.rawReason', input.rawReason);
      const before = {
        allowedHosts: key.allowedHosts,
        allowsAnyHost: key.allowsAnyHost,
        placements: key.placements,
        uses: key.uses,
        expiresAt: key.expiresAt,
      };
      const terms = {
        allowedHosts: input.allowedHosts ? readAllowedHosts(check, input.allowedHosts) : before.allowedHosts,
        allowsAnyHost: input.allowsAnyHost ?? before.allowsAnyHost,
        placements: input.placements ? readPlacements(check, input.placements) : before.placements,
        uses: input.uses ? readUses(check, input.uses, rawReason, before.uses) : before.uses,
        expiresAt:
          input.expiresAt === undefined ? before.expiresAt : check.future('input.expiresAt', input.expiresAt, ctx.now),
      };
      check.done();
      if (terms.uses.includes('RAW') && !before.uses.includes('RAW')) must(ctx, 'allowRaw', secretKeySubject(key));
      mustExpectRevision(key, input.expectedAccessRevision);
      await changeAccess(tx, ctx.writer, key, terms, ctx.now);
      const outcome = await outcomeOf(ctx, tx, key, warningsOfUse(terms));
      await recordAudit(tx, actorOf(ctx), {
        type: 'secretKey.useChanged',
        subject: { type: 'SecretKey', id: key.id, name: key.name },
        details: { from: before, to: terms, ...(rawReason === null ? {} : { rawReason }) },
        decision,
      });
      return outcome;
    },
    keptById(ctx, warningsOfUse),
  );
}
