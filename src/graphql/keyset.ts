/** SQL of keyset pages: a page costs the same at any depth, because it starts where an index entry is. */
import type { Reading } from '../database/database.js';
import { type CursorPlace, countCap, type PageRequest } from './connection.js';

export interface SqlPart {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type SortDirection = 'ASC' | 'DESC';

export const flipped = (direction: SortDirection): SortDirection => (direction === 'ASC' ? 'DESC' : 'ASC');

/** The direction in which rows are read; going backward reads the list from its other end. */
export const readDirection = (direction: SortDirection, page: PageRequest): SortDirection =>
  page.direction === 'forward' ? direction : flipped(direction);

/**
 * The condition of the rows after a place, in the order `sort, id`; a list ordered by id alone has both the same.
 * Written as `a >= ? AND (a > ? OR id > ?)`, which all three databases read as one range of the index.
 */
export function after(sort: string, id: string, direction: SortDirection, place: CursorPlace | null): SqlPart {
  if (place === null) return { sql: '', parameters: [] };
  const sign = direction === 'ASC' ? '>' : '<';
  if (sort === id) return { sql: ` AND ${id} ${sign} ?`, parameters: [place.id] };
  return {
    sql: ` AND ${sort} ${sign}= ? AND (${sort} ${sign} ? OR ${id} ${sign} ?)`,
    parameters: [place.value, place.value, place.id],
  };
}

export const orderBy = (sort: string, id: string, direction: SortDirection): string =>
  sort === id ? `${id} ${direction}` : `${sort} ${direction}, ${id} ${direction}`;

/** How many rows a SELECT without a LIMIT gives, counted up to one more than `countCap`. */
export async function countUpToCap(database: Pick<Reading, 'query'>, select: SqlPart): Promise<number> {
  const [row] = await database.query(`SELECT COUNT(*) AS count FROM (${select.sql} LIMIT ?) counted`, [
    ...select.parameters,
    countCap + 1,
  ]);
  return Number(row?.count ?? 0);
}
