/** An empty database of the kind that TEST_DATABASE_URL names: a SQLite file of its own without it. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { type DatabaseConfig, readConfig } from '../../src/config.js';

export interface Scratch {
  readonly url: string;
  readonly config: DatabaseConfig;
  remove(): Promise<void>;
}

export async function scratchDatabase(): Promise<Scratch> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) {
    const folder = mkdtempSync(join(tmpdir(), 'nightsafe-database-'));
    const url = `sqlite:${join(folder, 'test.sqlite')}`;
    const config = readConfig({ DATABASE_URL: url }).database;
    return { url, config, remove: async () => rmSync(folder, { recursive: true }) };
  }
  const name = `nightsafe_test_${randomBytes(6).toString('hex')}`;
  const statement = async (sql: string): Promise<void> => {
    const connection = await mysql.createConnection(new URL('/', server).href);
    await connection.query(sql);
    await connection.end();
  };
  await statement(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
  const url = new URL(`/${name}`, server).href;
  const config = readConfig({ DATABASE_URL: url }).database;
  return { url, config, remove: () => statement(`DROP DATABASE ${name}`) };
}
