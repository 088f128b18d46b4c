import type { RequestContext } from '../../graphql/context.js';
import { type CustomRoleId, isId } from '../../ids.js';
import { CustomRoleEntity } from './custom-role.entity.js';
import { customRoleRecord, customRoleSubject } from './custom-role.record.js';
import { CustomRole } from './custom-role.type.js';

/** One custom role, or null when it is absent or hidden. */
export async function customRole(ctx: RequestContext, id: string): Promise<CustomRole | null> {
  if (!isId(id)) return null;
  const { organizationId } = ctx.principal;
  const found = await ctx.database.read(CustomRoleEntity, { organizationId, id: id as CustomRoleId });
  return found !== null && ctx.authz.can('read', customRoleSubject(found))
    ? new CustomRole(customRoleRecord(found))
    : null;
}
