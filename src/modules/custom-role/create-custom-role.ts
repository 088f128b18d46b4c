import { recordAudit } from '../../audit/audit-log.js';
import { insertUnique } from '../../database/database.js';
import { actorOf, mustCreate, type RequestContext } from '../../graphql/context.js';
import { asItWas, write } from '../../graphql/write.js';
import { type CustomRoleId, newId } from '../../ids.js';
import { customRoleDocument } from '../../vault/documents.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { lockMembership } from '../organization/membership.js';
import { CustomRoleEntity } from './custom-role.entity.js';
import type { CreateCustomRoleInput } from './custom-role.inputs.js';
import { customRoleRecord } from './custom-role.record.js';
import { nameTaken } from './name-taken.js';
import { checkedPermissionSets } from './offered-sets.js';
import { type CustomRoleOutcome, mustStillSeeCustomRole } from './outcome.js';

/** Composes a custom role of permission sets that the policies offer. Nobody has it yet. */
export async function createCustomRole(ctx: RequestContext, input: CreateCustomRoleInput): Promise<CustomRoleOutcome> {
  const { organizationId, id: createdById } = ctx.principal;
  const decision = mustCreate(ctx, { type: 'CustomRole', attributes: { organizationId } });
  const check = new InputCheck();
  const name = check.name('input.name', input.name);
  const description = check.text('input.description', input.description);
  const permissionSets = checkedPermissionSets(ctx, check, input.permissionSets);
  check.done();
  return write(
    ctx,
    'createCustomRole',
    input,
    async (tx) => {
      await lockMembership(tx, organizationId);
      const id = newId<CustomRoleId>(ctx.now);
      const signed = { organizationId, customRoleId: id, permissionSets, revision: 1 };
      const role: CustomRoleEntity = {
        organizationId,
        id,
        name,
        nameKey: foldName(name),
        description,
        permissionSets,
        createdById,
        createdAt: ctx.now,
        updatedAt: ctx.now,
        revision: signed.revision,
        signature: ctx.writer.signer.sign(customRoleDocument(signed)),
      };
      await insertUnique(() => tx.manager.insert(CustomRoleEntity, role), nameTaken);
      await recordAudit(tx, actorOf(ctx), {
        type: 'customRole.created',
        subject: { type: 'CustomRole', id, name },
        details: { description, permissionSets },
        decision,
      });
      return { customRole: customRoleRecord(role) };
    },
    asItWas((outcome) => mustStillSeeCustomRole(ctx, outcome)),
  );
}
