/** How people, groups and service accounts are read. Deleted ones, other organizations' and malformed ids count as absent. */
import type { Row, Transaction } from '../../database/database.js';
import { notFound } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { type GranteeId, isId, type OrganizationId } from '../../ids.js';
import type { PersonRole } from '../../principal.js';
import { GranteeEntity, type GranteeKind, type GranteeState } from '../organization/organization.entity.js';

/** What records are made of, whether it comes from the entity or from a statement of `granteeColumns`. */
export type GranteeRow = Omit<GranteeEntity, 'signature'>;

export const granteeColumns =
  'g.organization_id, g.id, g.kind, g.state, g.role, g.name, g.name_key, g.email, g.description, g.created_by_id, g.created_at, g.updated_at, g.revision';

export const granteeRow = (row: Row): GranteeRow => ({
  organizationId: row.organization_id as OrganizationId,
  id: row.id as GranteeId,
  kind: row.kind as GranteeKind,
  state: row.state as GranteeState,
  role: row.role as PersonRole | null,
  name: String(row.name),
  nameKey: String(row.name_key),
  email: row.email as string | null,
  description: row.description as string | null,
  createdById: row.created_by_id as GranteeId | null,
  createdAt: Number(row.created_at),
  updatedAt: Number(row.updated_at),
  revision: Number(row.revision),
});

export async function findGrantee(ctx: RequestContext, kind: GranteeKind, id: string): Promise<GranteeRow | null> {
  if (!isId(id)) return null;
  const { organizationId } = ctx.principal;
  const grantee = await ctx.database.read(GranteeEntity, { organizationId, id: id as GranteeId, kind });
  return grantee?.state === 'DELETED' ? null : grantee;
}

/** Throws NOT_FOUND when absent. Whoever changes it has locked the organization's membership before. */
export async function loadGrantee(
  ctx: RequestContext,
  tx: Transaction,
  kind: GranteeKind,
  id: string,
): Promise<GranteeEntity> {
  if (!isId(id)) throw notFound();
  const { organizationId } = ctx.principal;
  const grantee = await tx.manager.findOne(GranteeEntity, { where: { organizationId, id: id as GranteeId, kind } });
  if (grantee === null || grantee.state === 'DELETED') throw notFound();
  return grantee;
}

/** The row after the writes of the same transaction. */
export const reloadGrantee = (
  tx: Transaction,
  { organizationId, id }: Pick<GranteeRow, 'organizationId' | 'id'>,
): Promise<GranteeRow> => tx.manager.findOneOrFail(GranteeEntity, { where: { organizationId, id } });
