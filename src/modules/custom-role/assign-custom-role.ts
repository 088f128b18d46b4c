import { badInput } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { changeHolding } from './change-holding.js';
import type { CustomRoleHolderInput } from './custom-role.inputs.js';
import { holdersText, notOfferedTo } from './offered-sets.js';
import type { CustomRoleHolderOutcome } from './outcome.js';

/** Gives a custom role to a person or a service account, within what the policies offer to them; whoever has it keeps it. */
export function assignCustomRole(ctx: RequestContext, input: CustomRoleHolderInput): Promise<CustomRoleHolderOutcome> {
  const change = { operation: 'assignCustomRole', event: 'customRole.assigned' };
  return changeHolding(ctx, change, input, (held, { id, permissionSets }, holder) => {
    if (held.includes(id)) return held;
    const [foreign] = notOfferedTo(ctx, holder, permissionSets);
    if (foreign === undefined) return [...held, id];
    const message = `cannot have the role: its permission set ${foreign} is not offered to ${holdersText(holder)}`;
    throw badInput({ field: 'input.granteeId', message });
  });
}
