/** What the policies let a custom role be composed of, and who may have it. */
import { rolesOf } from '../../authz/index.js';
import type { RequestContext } from '../../graphql/context.js';
import type { PersonRole, PrincipalKind } from '../../principal.js';
import type { InputCheck } from '../input-check.js';

/** The names, sorted, each once. Adds a problem for each one that the policies do not offer. */
export function checkedPermissionSets(
  ctx: RequestContext,
  check: InputCheck,
  names: readonly string[],
): readonly string[] {
  const offered = ctx.services.policies.permissionSets.map(({ name }) => name);
  if (names.length === 0) check.add('input.permissionSets', 'must name at least one permission set');
  for (const [index, name] of names.entries()) {
    if (!offered.includes(name))
      check.add(`input.permissionSets[${index}]`, 'is no permission set that the policies offer');
  }
  return [...new Set(names)].sort();
}

/** Those of the sets that would say nothing in the hands of such a principal. */
export function notOfferedTo(
  ctx: RequestContext,
  holder: { readonly kind: string; readonly role: PersonRole | null },
  permissionSets: readonly string[],
): readonly string[] {
  const kind = holder.kind as PrincipalKind;
  const counted = rolesOf(ctx.services.policies, { kind, role: holder.role, permissionSets });
  return permissionSets.filter((name) => !counted.includes(name));
}

/** Such as `auditors`. */
export const holdersText = ({ kind, role }: { readonly kind: string; readonly role: PersonRole | null }): string =>
  kind === 'SERVICE_ACCOUNT' ? 'service accounts' : `${String(role).toLowerCase()}s`;
