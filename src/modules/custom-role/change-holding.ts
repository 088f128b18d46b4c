/** The frame of giving and taking a custom role. */
import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import type { CustomRoleId } from '../../ids.js';
import { changeStanding, customRolesOf, lockMembership } from '../organization/membership.js';
import type { GranteeEntity } from '../organization/organization.entity.js';
import type { CustomRoleEntity } from './custom-role.entity.js';
import type { CustomRoleHolderInput } from './custom-role.inputs.js';
import { customRoleRecord, customRoleSubject } from './custom-role.record.js';
import {
  type CustomRoleHolderOutcome,
  granteeRecord,
  loadCustomRole,
  loadHolder,
  mustStillSeeCustomRole,
} from './outcome.js';

/** @param next what the holder has from now on; when that is what they have already, nothing is written. */
export function changeHolding(
  ctx: RequestContext,
  change: { readonly operation: string; readonly event: string },
  input: CustomRoleHolderInput,
  next: (held: readonly CustomRoleId[], role: CustomRoleEntity, holder: GranteeEntity) => readonly CustomRoleId[],
): Promise<CustomRoleHolderOutcome> {
  return write(
    ctx,
    change.operation,
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const role = await loadCustomRole(ctx, tx, input.customRoleId);
      const decision = must(ctx, 'assign', customRoleSubject(role));
      const holder = await loadHolder(ctx, tx, input.granteeId);
      const outcome = { customRole: customRoleRecord(role), grantee: granteeRecord(holder) };
      const held = await customRolesOf(tx, holder);
      const customRoleIds = next(held, role, holder);
      if (customRoleIds.length === held.length) return outcome;
      await changeStanding(tx, ctx.writer, holder, { customRoleIds }, ctx.now);
      await recordAudit(tx, actorOf(ctx), {
        type: change.event,
        subject: { type: 'CustomRole', id: role.id, name: role.name },
        details: { holder: { id: holder.id, name: holder.name }, permissionSets: role.permissionSets },
        decision,
      });
      return outcome;
    },
    asItWas((outcome) => mustStillSeeCustomRole(ctx, outcome)),
  );
}
