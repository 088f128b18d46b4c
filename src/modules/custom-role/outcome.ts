/** What verbs on one custom role return, and when it may be returned again. */
import type { Transaction } from '../../database/database.js';
import { notFound } from '../../errors.js';
import { must, type RequestContext } from '../../graphql/context.js';
import { type CustomRoleId, type GranteeId, isId } from '../../ids.js';
import { customRoleDocument } from '../../vault/documents.js';
import { mustBeSigned } from '../../vault/signed-row.js';
import { GranteeEntity } from '../organization/organization.entity.js';
import type { GranteeRecord } from '../secret-key/secret-key.record.js';
import { CustomRoleEntity } from './custom-role.entity.js';
import { type CustomRoleRecord, customRoleSubject } from './custom-role.record.js';

export interface CustomRoleOutcome {
  readonly customRole: CustomRoleRecord;
}

export interface CustomRoleHolderOutcome extends CustomRoleOutcome {
  readonly grantee: GranteeRecord;
}

/** Throws NOT_FOUND when absent, an UnsignedRowError when it is not as the api signed it. Whoever changes it has locked the organization's membership before. */
export async function loadCustomRole(ctx: RequestContext, tx: Transaction, id: string): Promise<CustomRoleEntity> {
  if (!isId(id)) throw notFound();
  const { organizationId } = ctx.principal;
  const role = await tx.manager.findOne(CustomRoleEntity, { where: { organizationId, id: id as CustomRoleId } });
  if (role === null) throw notFound();
  const document = customRoleDocument({ ...role, customRoleId: role.id });
  mustBeSigned(ctx.writer.verifier, { table: 'custom_role', id: role.id, document, signature: role.signature });
  return role;
}

/** A person or a service account, active or not. Throws NOT_FOUND for anything else. */
export async function loadHolder(ctx: RequestContext, tx: Transaction, id: string): Promise<GranteeEntity> {
  if (!isId(id)) throw notFound();
  const { organizationId } = ctx.principal;
  const grantee = await tx.manager.findOne(GranteeEntity, { where: { organizationId, id: id as GranteeId } });
  if (grantee === null || grantee.kind === 'GROUP' || grantee.state === 'DELETED') throw notFound();
  return grantee;
}

export const granteeRecord = ({ id, kind, name, email, state }: GranteeEntity): GranteeRecord => ({
  id,
  kind,
  name,
  email,
  state,
});

/** A stored answer is given again only to someone who may see the role now. */
export async function mustStillSeeCustomRole(ctx: RequestContext, outcome: CustomRoleOutcome): Promise<void> {
  must(ctx, 'read', customRoleSubject(outcome.customRole));
}
