import { recordAudit } from '../../audit/audit-log.js';
import { conflict } from '../../errors.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { loadSecretKey } from './load-secret-key.js';
import { keptById, outcomeOf } from './outcome.js';
import { storeSealedValue } from './seal-secret-value.js';
import { SecretKeyAccessEntity, SecretKeyEntity } from './secret-key.entity.js';
import type { UpdateSecretValueInput } from './secret-key.inputs.js';
import { secretKeySubject } from './secret-key.record.js';
import type { SecretKeyOutcome } from './secret-key.type.js';
import { readValue, shortestMaskable, valueWarnings } from './value-input.js';
import { changeAccess } from './write-access.js';

/** Replaces the value. The old one is erased; whoever could use the key uses the new one from now on. */
export async function updateSecretValue(ctx: RequestContext, input: UpdateSecretValueInput): Promise<SecretKeyOutcome> {
  const check = new InputCheck();
  const value = readValue(check, input.value, input.valueEncoding);
  try {
    return await write(
      ctx,
      'updateSecretValue',
      input,
      async (tx) => {
        const key = await loadSecretKey(ctx, tx, input.id);
        const decision = must(ctx, 'updateValue', secretKeySubject(key));
        const expiresAt =
          input.expiresAt === undefined ? key.expiresAt : check.future('input.expiresAt', input.expiresAt, ctx.now);
        if (key.uses.includes('RAW') && value.length > 0 && value.length < shortestMaskable) {
          check.add('input.value', `must have at least ${shortestMaskable} bytes while code may get the value itself`);
        }
        check.done();
        if ((input.expectedVersion ?? key.valueVersion) !== key.valueVersion) {
          throw conflict('The value has been replaced since: its version is not the expected one.');
        }
        const { organizationId, id } = key;
        const valueVersion = key.valueVersion + 1;
        await storeSealedValue(tx, ctx.writer, { organizationId, secretKeyId: id, valueVersion }, value);
        const expiry = expiresAt === key.expiresAt ? {} : { expiresAt };
        await changeAccess(tx, ctx.writer, key, { valueVersion, ...expiry }, ctx.now);
        await tx.manager.update(SecretKeyEntity, { organizationId, id }, { valueUpdatedAt: ctx.now });
        await tx.manager.update(
          SecretKeyAccessEntity,
          { organizationId, secretKeyId: id },
          { valueUpdatedAt: ctx.now },
        );
        const outcome = await outcomeOf(ctx, tx, key, valueWarnings(value));
        await recordAudit(tx, actorOf(ctx), {
          type: 'secretKey.valueReplaced',
          subject: { type: 'SecretKey', id, name: key.name },
          details: { valueVersion, expiresAt },
          decision,
        });
        return outcome;
      },
      keptById(ctx, () => valueWarnings(value)),
    );
  } finally {
    value.fill(0);
  }
}
