/** Everything that an api keeps: the rows of its database and the bytes of its files. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestApi } from '../support/api.js';

/** Every row of every table, as one text for each table; bytes as one character each. */
export async function tablesOf({ services: { database } }: TestApi): Promise<ReadonlyMap<string, string>> {
  const names = await database.query(
    database.dialect === 'sqlite'
      ? "SELECT name FROM sqlite_master WHERE type = 'table'"
      : 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()',
  );
  const tables = new Map<string, string>();
  for (const { name } of names) {
    const rows = await database.query(`SELECT * FROM ${name}`);
    const cell = (value: unknown): string =>
      value instanceof Uint8Array
        ? Buffer.from(value).toString('latin1')
        : Buffer.from(typeof value === 'object' ? JSON.stringify(value) : String(value)).toString('latin1');
    tables.set(String(name), rows.map((row) => Object.values(row).map(cell).join('\t')).join('\n'));
  }
  return tables;
}

/** Every file in the api's home as it is on the disk, the database's log of writes included. */
export function filesOf({ home }: TestApi): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(entries.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name))]));
}
