import type { RequestContext } from '../../graphql/context.js';
import { Governed } from '../../graphql/guard.js';
import type { SecretKeyActionName } from './secret-key.enums.js';
import type { SecretKey } from './secret-key.type.js';

const whileActive: readonly SecretKeyActionName[] = [
  'use',
  'useRaw',
  'rename',
  'updateValue',
  'setAccess',
  'setUse',
  'allowRaw',
  'delete',
];
const whileDeleted: readonly SecretKeyActionName[] = ['restore'];

/** What the caller may do with a key, so that a frontend greys out without guessing. The same decision as the verb's. */
export const viewerCan = (ctx: RequestContext, key: SecretKey): SecretKeyActionName[] =>
  (key.record.deletedAt === null ? whileActive : whileDeleted).filter((action) =>
    Governed.allows(key, ctx.authz.verdict(action, 'SecretKey')),
  );
