import { recordAudit } from '../../audit/audit-log.js';
import { insertUnique, type Transaction } from '../../database/database.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import type { PersonRole } from '../../principal.js';
import { customRoleDocument } from '../../vault/documents.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { bumpMembershipVersion, lockMembership } from '../organization/membership.js';
import { CustomRoleEntity } from './custom-role.entity.js';
import type { UpdateCustomRoleInput } from './custom-role.inputs.js';
import { type CustomRoleRecord, customRoleRecord, customRoleSubject } from './custom-role.record.js';
import { nameTaken } from './name-taken.js';
import { checkedPermissionSets, holdersText, notOfferedTo } from './offered-sets.js';
import { type CustomRoleOutcome, loadCustomRole, mustStillSeeCustomRole } from './outcome.js';

/** Changes a custom role for everyone who has it, from their next request on. What is the same already changes nothing. */
export async function updateCustomRole(ctx: RequestContext, input: UpdateCustomRoleInput): Promise<CustomRoleOutcome> {
  return write(
    ctx,
    'updateCustomRole',
    input,
    async (tx) => {
      await lockMembership(tx, ctx.principal.organizationId);
      const role = await loadCustomRole(ctx, tx, input.id);
      const decision = must(ctx, 'update', customRoleSubject(role));
      const before = customRoleRecord(role);
      const check = new InputCheck();
      const name = check.name('input.name', input.name ?? role.name);
      const description =
        input.description === undefined ? role.description : check.text('input.description', input.description);
      const permissionSets = input.permissionSets
        ? checkedPermissionSets(ctx, check, input.permissionSets)
        : role.permissionSets;
      check.done();
      const from = { name: role.name, description: role.description, permissionSets: role.permissionSets };
      const to = { name, description, permissionSets };
      if (JSON.stringify(from) === JSON.stringify(to)) return { customRole: before };
      const added = permissionSets.filter((each) => !role.permissionSets.includes(each));
      await mustBeOfferedToHolders(ctx, tx, role, added);

      const { organizationId, id } = role;
      const revision = role.revision + 1;
      const document = customRoleDocument({ organizationId, customRoleId: id, permissionSets, revision });
      const next = { ...to, nameKey: foldName(name), revision, updatedAt: ctx.now };
      await insertUnique(
        () =>
          tx.manager.update(
            CustomRoleEntity,
            { organizationId, id },
            { ...next, signature: ctx.writer.signer.sign(document) },
          ),
        nameTaken,
      );
      await bumpMembershipVersion(tx, organizationId);
      await recordAudit(tx, actorOf(ctx), {
        type: 'customRole.updated',
        subject: { type: 'CustomRole', id, name },
        details: { from, to },
        decision,
      });
      return { customRole: customRoleRecord({ ...before, ...to, updatedAt: ctx.now }) };
    },
    asItWas((outcome) => mustStillSeeCustomRole(ctx, outcome)),
  );
}

/** BAD_USER_INPUT for a set that would say nothing in the hands of someone who has the role. */
async function mustBeOfferedToHolders(
  ctx: RequestContext,
  tx: Transaction,
  { organizationId, id }: Pick<CustomRoleRecord, 'organizationId' | 'id'>,
  added: readonly string[],
): Promise<void> {
  const rows = await tx.query(
    `SELECT DISTINCT g.kind, g.role FROM custom_role_holder h
     JOIN grantee g ON g.organization_id = h.organization_id AND g.id = h.grantee_id
     WHERE h.organization_id = ? AND h.custom_role_id = ? ORDER BY g.kind, g.role`,
    [organizationId, id],
  );
  const check = new InputCheck();
  for (const row of rows) {
    const holder = { kind: String(row.kind), role: row.role as PersonRole | null };
    for (const name of notOfferedTo(ctx, holder, added)) {
      check.add(
        'input.permissionSets',
        `has ${name}, which is not offered to ${holdersText(holder)}, who have the role`,
      );
    }
  }
  check.done();
}
