import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { changeStanding, customRolesOf, lockMembership } from '../organization/membership.js';
import { CustomRoleHolderEntity, GranteeEntity } from '../organization/organization.entity.js';
import { CustomRoleEntity } from './custom-role.entity.js';
import type { DeleteCustomRoleInput } from './custom-role.inputs.js';
import { customRoleSubject } from './custom-role.record.js';
import { loadCustomRole } from './outcome.js';

/** Deletes a custom role and takes it from everyone who has it; history keeps its name. */
export async function deleteCustomRole(
  ctx: RequestContext,
  input: DeleteCustomRoleInput,
): Promise<{ readonly deletedId: string }> {
  return write(
    ctx,
    'deleteCustomRole',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const role = await loadCustomRole(ctx, tx, input.id);
      const decision = must(ctx, 'delete', customRoleSubject(role));
      const { organizationId, id, name, permissionSets } = role;
      const holders = await tx.manager.find(CustomRoleHolderEntity, {
        where: { organizationId, customRoleId: id },
        order: { granteeId: 'ASC' },
      });
      for (const { granteeId } of holders) {
        const where = { organizationId, id: granteeId };
        const holder = await tx.manager.findOneOrFail(GranteeEntity, { where });
        const customRoleIds = (await customRolesOf(tx, holder)).filter((each) => each !== id);
        await changeStanding(tx, ctx.writer, holder, { customRoleIds }, ctx.now);
      }
      await tx.manager.delete(CustomRoleEntity, { organizationId, id });
      await recordAudit(tx, actorOf(ctx), {
        type: 'customRole.deleted',
        subject: { type: 'CustomRole', id, name },
        details: { permissionSets, holderIds: holders.map(({ granteeId }) => granteeId) },
        decision,
      });
      return { deletedId: id };
    },
    asItWas(),
  );
}
