import type { RequestContext } from '../../graphql/context.js';
import { type ServiceAccount, ServiceAccountToken } from './service-account.type.js';

/** `ServiceAccount.tokens`, the earliest first. */
export async function serviceAccountTokens(
  ctx: RequestContext,
  account: ServiceAccount,
): Promise<ServiceAccountToken[]> {
  const tokens = await ctx.loaders.tokensOfServiceAccount.load(account.record.id);
  return tokens.map((token) => new ServiceAccountToken(token));
}
