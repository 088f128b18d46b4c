import type { RequestContext } from '../../graphql/context.js';
import type { GranteeId } from '../../ids.js';
import { Grantee } from '../organization/grantee.type.js';

/** Who created a service account or a token; null when that is not known. */
export async function createdBy(
  ctx: RequestContext,
  record: { readonly createdById: GranteeId | null },
): Promise<Grantee | null> {
  const creator = record.createdById && (await ctx.loaders.grantees.load(record.createdById));
  return creator && new Grantee(ctx.principal.organizationId, creator);
}
