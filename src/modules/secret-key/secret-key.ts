import type { RequestContext } from '../../graphql/context.js';
import { findSecretKey } from './load-secret-key.js';
import { SecretKey } from './secret-key.type.js';

/** One key, or null when it is absent or hidden. */
export async function secretKey(ctx: RequestContext, id: string): Promise<SecretKey | null> {
  const record = await findSecretKey(ctx, id);
  return record && new SecretKey(record);
}
