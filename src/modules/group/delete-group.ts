import { recordAudit } from '../../audit/audit-log.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { loadGrantee } from '../member/grantee-row.js';
import { mustKeepManagers } from '../member/last-manager.js';
import { changeStanding, lockMembership, removeGroupMembership } from '../organization/membership.js';
import { GroupMembershipEntity } from '../organization/organization.entity.js';
import type { DeleteGroupInput } from './group.inputs.js';
import { groupSubject } from './group.record.js';
import { withdrawGrants } from './withdraw-grants.js';

/** Deletes a group with its memberships and its grants; history keeps its name. LAST_MANAGER when a key would be left unmanaged. */
export async function deleteGroup(
  ctx: RequestContext,
  input: DeleteGroupInput,
): Promise<{ readonly deletedId: string }> {
  return write(
    ctx,
    'deleteGroup',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const group = await loadGrantee(ctx, tx, 'GROUP', input.id);
      const decision = must(ctx, 'delete', groupSubject(group));
      const { organizationId, id, name } = group;
      await mustKeepManagers(ctx, tx, { groupId: id });
      const memberships = await tx.manager.find(GroupMembershipEntity, {
        where: { organizationId, groupId: id },
        order: { personId: 'ASC' },
      });
      for (const { personId } of memberships) {
        await removeGroupMembership(tx, ctx.writer, { organizationId, groupId: id, personId }, ctx.now);
      }
      const accessChanges = await withdrawGrants(ctx, tx, group, 'group.deleted', decision);
      await changeStanding(tx, ctx.writer, group, { state: 'DELETED' }, ctx.now);
      for (const entry of accessChanges) await recordAudit(tx, actorOf(ctx), entry);
      await recordAudit(tx, actorOf(ctx), {
        type: 'group.deleted',
        subject: { type: 'Group', id, name },
        details: { memberIds: memberships.map(({ personId }) => personId) },
        decision,
      });
      return { deletedId: id };
    },
    asItWas(),
  );
}
