/** Look-ups of groups, one statement for all that a page asks at once. */
import type DataLoader from 'dataloader';
import type { Database } from '../../database/database.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import type { GranteeRow } from '../member/grantee-row.js';
import { createCountLoader, createPageLoader, type PageOf } from '../member/linked-grantees.js';

export interface GroupLoaders {
  /** How many are in a group, the deactivated ones included. */
  readonly memberCountOfGroup: DataLoader<GranteeId, number>;
  readonly membersOfGroup: DataLoader<PageOf<GranteeId>, GranteeRow[]>;
}

const members = { table: 'group_membership', owner: 'group_id', grantee: 'person_id' };

export const createGroupLoaders = (database: Database, organizationId: OrganizationId): GroupLoaders => ({
  memberCountOfGroup: createCountLoader(database, organizationId, members),
  membersOfGroup: createPageLoader(database, organizationId, members),
});
