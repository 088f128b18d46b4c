import type { RequestContext } from '../../graphql/context.js';
import type { GranteeId } from '../../ids.js';
import { CustomRole } from './custom-role.type.js';

/** The custom roles of a person or a service account, by name. */
export async function customRolesHeldBy(ctx: RequestContext, id: GranteeId): Promise<CustomRole[]> {
  const roles = await ctx.loaders.customRolesOfHolder.load(id);
  return roles.map((role) => new CustomRole(role));
}
