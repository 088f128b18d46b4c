import type { RequestContext } from '../../graphql/context.js';
import { PermissionSet } from './custom-role.type.js';

/** `permissionSets`: what the policies offer, in the order of their files. */
export function permissionSets(ctx: RequestContext): PermissionSet[] {
  const { organizationId } = ctx.principal;
  return ctx.services.policies.permissionSets.map((offered) => new PermissionSet(organizationId, offered));
}
