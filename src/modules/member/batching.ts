/** What the loaders of this and the neighboring modules share. */
import type { Row } from '../../database/database.js';

/** Ids in one statement at most: SQLite takes 32,766 parameters, and an answer may hold thousands of objects. */
export const mostInBatch = 500;

/** Nothing is kept between batches: an operation may hold several mutations, and each shows what it left behind. */
export const batchOnly = { cache: false, maxBatchSize: mostInBatch };

/** The rows that have the same value in a column, in their order. */
export function rowsBy(rows: readonly Row[], column: string): Map<unknown, Row[]> {
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const group = groups.get(row[column]);
    if (group === undefined) groups.set(row[column], [row]);
    else group.push(row);
  }
  return groups;
}
