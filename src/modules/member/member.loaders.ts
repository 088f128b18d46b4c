/** Look-ups of members, one statement for all that a page asks at once. */
import DataLoader from 'dataloader';
import type { Database } from '../../database/database.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import { type GroupRecord, groupRecord } from '../group/group.record.js';
import type { IdentityEntity } from '../organization/organization.entity.js';
import { batchOnly, rowsBy } from './batching.js';
import { granteeColumns, granteeRow } from './grantee-row.js';

export interface MemberLoaders {
  /** The groups that a member is in, by name. */
  readonly groupsOfMember: DataLoader<GranteeId, GroupRecord[]>;
  /** The identities that a member signs in with, by issuer and subject. */
  readonly identitiesOfMember: DataLoader<GranteeId, Pick<IdentityEntity, 'issuer' | 'subject'>[]>;
}

export function createMemberLoaders(database: Database, organizationId: OrganizationId): MemberLoaders {
  return {
    groupsOfMember: new DataLoader(async (memberIds) => {
      const rows = await database.query(
        `SELECT m.person_id, ${granteeColumns}
         FROM group_membership m JOIN grantee g ON g.organization_id = m.organization_id AND g.id = m.group_id
         WHERE m.organization_id = ? AND m.person_id IN (${memberIds.map(() => '?').join(', ')})
         ORDER BY g.name_key, g.id`,
        [organizationId, ...memberIds],
      );
      const byMember = rowsBy(rows, 'person_id');
      return memberIds.map((id) => (byMember.get(id) ?? []).map((row) => groupRecord(granteeRow(row))));
    }, batchOnly),

    identitiesOfMember: new DataLoader(async (memberIds) => {
      const rows = await database.query(
        `SELECT person_id, issuer, subject FROM identity
         WHERE organization_id = ? AND person_id IN (${memberIds.map(() => '?').join(', ')}) ORDER BY issuer, subject`,
        [organizationId, ...memberIds],
      );
      const byMember = rowsBy(rows, 'person_id');
      return memberIds.map((id) =>
        (byMember.get(id) ?? []).map((row) => ({ issuer: String(row.issuer), subject: String(row.subject) })),
      );
    }, batchOnly),
  };
}
