/** Where SQLite and the MySQL family spell the same thing differently. Nothing else in the code asks which database it runs on. */
import type { QueryRunner } from 'typeorm';

export type Dialect = 'sqlite' | 'mysql';

/** Appended to a SELECT that a transaction will write from. SQLite's write transactions are exclusive, so it needs nothing. */
export const forUpdate = (dialect: Dialect): string => (dialect === 'mysql' ? ' FOR UPDATE' : '');

/** Appended to a SELECT of a row that must not change before the transaction ends. */
export const lockShared = (dialect: Dialect): string => (dialect === 'mysql' ? ' LOCK IN SHARE MODE' : '');

/** `jsonArray({ granteeId: 'g.grantee_id' })` aggregates rows to one JSON array of objects; no rows give NULL or `[]`. */
export function jsonArray(dialect: Dialect, members: Readonly<Record<string, string>>): string {
  const object = Object.entries(members)
    .map(([name, expression]) => `'${name}', ${expression}`)
    .join(', ');
  return dialect === 'mysql' ? `JSON_ARRAYAGG(JSON_OBJECT(${object}))` : `json_group_array(json_object(${object}))`;
}

/** `jsonList('m.group_id')` aggregates rows to one JSON array of values; no rows give NULL or `[]`. */
export const jsonList = (dialect: Dialect, expression: string): string =>
  `${dialect === 'mysql' ? 'JSON_ARRAYAGG' : 'json_group_array'}(${expression})`;

/** A SELECT with an ORDER BY and a LIMIT of its own as a member of a UNION. SQLite takes it only as a table. */
export const limitedMember = (dialect: Dialect, select: string): string =>
  dialect === 'mysql' ? `(${select})` : `SELECT * FROM (${select})`;

/**
 * Put after a table's alias: the way into a table is chosen here, not by the optimizer, which flips between plans and takes the wrong
 * one while its statistics are young. `PRIMARY` is the primary key; SQLite has no name for it and takes it by itself.
 */
export function indexHint(dialect: Dialect, index: string): string {
  if (dialect === 'mysql') return `FORCE INDEX (${index})`;
  return index === 'PRIMARY' ? '' : `INDEXED BY ${index}`;
}

/** A SELECT of the tables that the database holds, as `name`. */
export const tableNames = (dialect: Dialect): string =>
  dialect === 'mysql'
    ? 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()'
    : "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'";

const mysqlTypes = {
  id: 'CHAR(36) CHARACTER SET ascii COLLATE ascii_bin',
  token: (length: number) => `VARCHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`,
  text: (length: number) => `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  counter: 'BIGINT',
  bytes: 'MEDIUMBLOB',
  long: 'MEDIUMTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
};

const sqliteTypes: typeof mysqlTypes = {
  id: 'TEXT',
  token: () => 'TEXT',
  text: () => 'TEXT',
  counter: 'INTEGER',
  bytes: 'BLOB',
  long: 'TEXT',
};

/** Column types and statements for migrations. All text compares by code point on every database. */
export function tableDefinitions(runner: QueryRunner) {
  const isMysql = runner.connection.options.type === 'mysql';
  const end = isMysql ? 'ENGINE=InnoDB' : 'WITHOUT ROWID';
  return {
    ...(isMysql ? mysqlTypes : sqliteTypes),
    createTable: (name: string, lines: readonly string[]) =>
      runner.query(`CREATE TABLE ${name} (\n  ${lines.join(',\n  ')}\n) ${end}`),
    createIndex: (table: string, name: string, columns: readonly string[]) =>
      runner.query(`CREATE INDEX ${name} ON ${table} (${columns.join(', ')})`),
  };
}
