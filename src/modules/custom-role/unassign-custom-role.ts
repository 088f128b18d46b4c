import type { RequestContext } from '../../graphql/context.js';
import { changeHolding } from './change-holding.js';
import type { CustomRoleHolderInput } from './custom-role.inputs.js';
import type { CustomRoleHolderOutcome } from './outcome.js';

/** Takes a custom role from a person or a service account; from whoever does not have it, nothing is taken. */
export function unassignCustomRole(
  ctx: RequestContext,
  input: CustomRoleHolderInput,
): Promise<CustomRoleHolderOutcome> {
  const change = { operation: 'unassignCustomRole', event: 'customRole.unassigned' };
  return changeHolding(ctx, change, input, (held, { id }) => held.filter((each) => each !== id));
}
