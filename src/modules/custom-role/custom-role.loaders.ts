/** Look-ups of custom roles, one statement for all that a page asks at once. */
import DataLoader from 'dataloader';
import type { Database } from '../../database/database.js';
import type { CustomRoleId, GranteeId, OrganizationId } from '../../ids.js';
import { batchOnly, rowsBy } from '../member/batching.js';
import type { GranteeRow } from '../member/grantee-row.js';
import { createCountLoader, createPageLoader, type PageOf } from '../member/linked-grantees.js';
import { type CustomRoleRecord, customRoleColumns, customRoleRow } from './custom-role.record.js';

export interface CustomRoleLoaders {
  /** The custom roles that a person or a service account has, by name. */
  readonly customRolesOfHolder: DataLoader<GranteeId, CustomRoleRecord[]>;
  /** How many have a custom role, the deactivated ones included. */
  readonly holderCountOfCustomRole: DataLoader<CustomRoleId, number>;
  readonly holdersOfCustomRole: DataLoader<PageOf<CustomRoleId>, GranteeRow[]>;
}

const holders = { table: 'custom_role_holder', owner: 'custom_role_id', grantee: 'grantee_id' };

export function createCustomRoleLoaders(database: Database, organizationId: OrganizationId): CustomRoleLoaders {
  return {
    customRolesOfHolder: new DataLoader(async (ids) => {
      const rows = await database.query(
        `SELECT h.grantee_id, ${customRoleColumns} FROM custom_role_holder h
         JOIN custom_role r ON r.organization_id = h.organization_id AND r.id = h.custom_role_id
         WHERE h.organization_id = ? AND h.grantee_id IN (${ids.map(() => '?').join(', ')}) ORDER BY r.name_key, r.id`,
        [organizationId, ...ids],
      );
      const byHolder = rowsBy(rows, 'grantee_id');
      return ids.map((id) => (byHolder.get(id) ?? []).map(customRoleRow));
    }, batchOnly),
    holderCountOfCustomRole: createCountLoader(database, organizationId, holders),
    holdersOfCustomRole: createPageLoader(database, organizationId, holders),
  };
}
