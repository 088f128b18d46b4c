import { recordAudit } from '../../audit/audit-log.js';
import { insertUnique } from '../../database/database.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { nameTaken } from './create-secret-key.js';
import { loadSecretKey } from './load-secret-key.js';
import { keptById, outcomeOf } from './outcome.js';
import { SecretKeyAccessEntity, SecretKeyEntity } from './secret-key.entity.js';
import type { RenameSecretKeyInput } from './secret-key.inputs.js';
import { secretKeySubject } from './secret-key.record.js';
import type { SecretKeyOutcome } from './secret-key.type.js';

/** Changes a key's name and, when given, its description. References are by id, so nothing breaks. */
export async function renameSecretKey(ctx: RequestContext, input: RenameSecretKeyInput): Promise<SecretKeyOutcome> {
  return write(
    ctx,
    'renameSecretKey',
    input,
    async (tx) => {
      const key = await loadSecretKey(ctx, tx, input.id);
      const decision = must(ctx, 'rename', secretKeySubject(key));
      const check = new InputCheck();
      const name = check.name('input.name', input.name);
      const description =
        input.description === undefined ? key.description : check.text('input.description', input.description);
      check.done();
      const { organizationId, id } = key;
      const nameKey = foldName(name);
      await insertUnique(
        () =>
          tx.manager.update(
            SecretKeyEntity,
            { organizationId, id },
            { name, nameKey, description, updatedAt: ctx.now },
          ),
        nameTaken,
      );
      await tx.manager.update(SecretKeyAccessEntity, { organizationId, secretKeyId: id }, { nameKey });
      const outcome = await outcomeOf(ctx, tx, key);
      await recordAudit(tx, actorOf(ctx), {
        type: 'secretKey.renamed',
        subject: { type: 'SecretKey', id, name },
        details: { from: key.name, to: name, descriptionChanged: description !== key.description },
        decision,
      });
      return outcome;
    },
    keptById(ctx),
  );
}
