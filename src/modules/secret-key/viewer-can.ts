import type { RequestContext } from '../../graphql/context.js';
import type { SecretKeyActionName } from './secret-key.enums.js';
import { secretKeySubject } from './secret-key.record.js';
import type { SecretKey } from './secret-key.type.js';

const whileActive: readonly SecretKeyActionName[] = ['use', 'rename', 'updateValue', 'setAccess', 'setUse', 'delete'];
const whileDeleted: readonly SecretKeyActionName[] = ['restore'];

/** What the caller may do with a key, so that a frontend greys out without guessing. The same decision as the verb's. */
export function viewerCan(ctx: RequestContext, key: SecretKey): SecretKeyActionName[] {
  const subject = secretKeySubject(key.record);
  return (key.record.deletedAt === null ? whileActive : whileDeleted).filter((action) =>
    ctx.authz.can(action, subject),
  );
}
