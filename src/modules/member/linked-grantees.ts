/** Look-ups of the grantees that a table links to something, such as the people of a group: one statement for all that a page asks at once. */
import DataLoader from 'dataloader';
import type { Database } from '../../database/database.js';
import type { PageRequest } from '../../graphql/connection.js';
import { after, orderBy, readDirection } from '../../graphql/keyset.js';
import type { OrganizationId } from '../../ids.js';
import { batchOnly, rowsBy } from './batching.js';
import { type GranteeRow, granteeColumns, granteeRow } from './grantee-row.js';

/** A table of links, and its columns with either end. */
interface Links {
  readonly table: string;
  readonly owner: string;
  readonly grantee: string;
}

export interface PageOf<Id> {
  readonly id: Id;
  readonly request: PageRequest;
}

/** How many are linked, the deactivated ones included. */
export const createCountLoader = <Id extends string>(
  database: Database,
  organizationId: OrganizationId,
  { table, owner }: Links,
): DataLoader<Id, number> =>
  new DataLoader(async (ids) => {
    const rows = await database.query(
      `SELECT ${owner} AS owner, COUNT(*) AS count FROM ${table}
       WHERE organization_id = ? AND ${owner} IN (${ids.map(() => '?').join(', ')}) GROUP BY ${owner}`,
      [organizationId, ...ids],
    );
    const counts = new Map(rows.map((row) => [row.owner, Number(row.count)]));
    return ids.map((id) => counts.get(id) ?? 0);
  }, batchOnly);

/** One branch of a union a page; SQLite ends at 500. */
const mostPages = 100;

/** Pages by name, read in the page's direction, one more than its size at most. */
export const createPageLoader = <Id extends string>(
  database: Database,
  organizationId: OrganizationId,
  { table, owner, grantee }: Links,
): DataLoader<PageOf<Id>, GranteeRow[]> =>
  new DataLoader(
    async (pages) => {
      const branches = pages.map(({ id, request }, index) => {
        const direction = readDirection('ASC', request);
        const order = orderBy('g.name_key', 'g.id', direction);
        const place = after('g.name_key', 'g.id', direction, request.from);
        return {
          sql: `SELECT * FROM (SELECT ${index} AS page, ROW_NUMBER() OVER (ORDER BY ${order}) AS place, ${granteeColumns}
            FROM ${table} l JOIN grantee g ON g.organization_id = l.organization_id AND g.id = l.${grantee}
            WHERE l.organization_id = ? AND l.${owner} = ?${place.sql} ORDER BY ${order} LIMIT ?) b${index}`,
          parameters: [organizationId, id, ...place.parameters, request.size + 1],
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
  );
