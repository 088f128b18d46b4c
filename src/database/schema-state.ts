/** Whether a database is one that this version of Nightsafe can work with. */
import type { DataSource } from 'typeorm';
import { OperatorError } from '../operator-error.js';
import { type Dialect, tableNames } from './dialect.js';

export type SchemaState = 'empty' | 'older' | 'current';

/** @throws OperatorError for the tables of a newer Nightsafe or of another program: nothing may be written beside them. */
export async function schemaStateOf(source: DataSource, dialect: Dialect): Promise<SchemaState> {
  const tables: { name: unknown }[] = await source.query(tableNames(dialect));
  if (tables.length === 0) return 'empty';
  if (!tables.some(({ name }) => name === 'migration')) {
    throw new OperatorError(
      'The database in DATABASE_URL holds the tables of another program. Give Nightsafe its own.',
    );
  }
  const rows: { name: unknown }[] = await source.query('SELECT name FROM migration');
  const applied = new Set(rows.map(({ name }) => String(name)));
  const known = source.migrations.map(({ name }) => String(name));
  if ([...applied].some((name) => !known.includes(name))) {
    throw new OperatorError(
      'The database in DATABASE_URL was written by a newer version of Nightsafe, or by another program. Run that version.',
    );
  }
  return applied.size === known.length ? 'current' : 'older';
}

export const notMigrated = (state: string): OperatorError =>
  new OperatorError(`The database is not ready: ${state}. Start the api first, which makes and migrates it.`);

/** @throws OperatorError when a migration is still to be made. */
export async function mustBeCurrent(source: DataSource, dialect: Dialect): Promise<void> {
  const state = await schemaStateOf(source, dialect);
  if (state === 'empty') throw notMigrated('it has no tables');
  if (state === 'older') throw notMigrated('its tables are of an older version');
}
