/** Look-ups of groups, one statement for all that a page asks at once. */
import DataLoader from 'dataloader';
import type { Database } from '../../database/database.js';
import type { PageRequest } from '../../graphql/connection.js';
import { after, orderBy, readDirection } from '../../graphql/keyset.js';
import type { GranteeId, OrganizationId } from '../../ids.js';
import { batchOnly, rowsBy } from '../member/batching.js';
import { type GranteeRow, granteeColumns, granteeRow } from '../member/grantee-row.js';

interface MembersPage {
  readonly groupId: GranteeId;
  readonly request: PageRequest;
}

export interface GroupLoaders {
  /** How many are in a group, the deactivated ones included. */
  readonly memberCountOfGroup: DataLoader<GranteeId, number>;
  /** The people of a page of a group, read in the page's direction, one more than its size at most. */
  readonly membersOfGroup: DataLoader<MembersPage, GranteeRow[]>;
}

/** One branch of a union a page; SQLite ends at 500. */
const mostPages = 100;

export function createGroupLoaders(database: Database, organizationId: OrganizationId): GroupLoaders {
  return {
    memberCountOfGroup: new DataLoader(async (groupIds) => {
      const rows = await database.query(
        `SELECT group_id, COUNT(*) AS count FROM group_membership
         WHERE organization_id = ? AND group_id IN (${groupIds.map(() => '?').join(', ')}) GROUP BY group_id`,
        [organizationId, ...groupIds],
      );
      const counts = new Map(rows.map((row) => [row.group_id, Number(row.count)]));
      return groupIds.map((id) => counts.get(id) ?? 0);
    }, batchOnly),

    membersOfGroup: new DataLoader(
      async (pages) => {
        const branches = pages.map(({ groupId, request }, index) => {
          const direction = readDirection('ASC', request);
          const order = orderBy('g.name_key', 'g.id', direction);
          const place = after('g.name_key', 'g.id', direction, request.from);
          return {
            sql: `SELECT * FROM (SELECT ${index} AS page, ROW_NUMBER() OVER (ORDER BY ${order}) AS place, ${granteeColumns}
              FROM group_membership m JOIN grantee g ON g.organization_id = m.organization_id AND g.id = m.person_id
              WHERE m.organization_id = ? AND m.group_id = ?${place.sql} ORDER BY ${order} LIMIT ?) b${index}`,
            parameters: [organizationId, groupId, ...place.parameters, request.size + 1],
          };
        });
        const rows = await database.query(
          `SELECT * FROM (${branches.map(({ sql }) => sql).join(' UNION ALL ')}) u ORDER BY page, place`,
          branches.flatMap(({ parameters }) => parameters),
        );
        const byPage = rowsBy(rows, 'page');
        return pages.map((_, index) => (byPage.get(index) ?? []).map(granteeRow));
      },
      { ...batchOnly, maxBatchSize: mostPages },
    ),
  };
}
