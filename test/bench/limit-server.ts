/**
 * What the api is measured against: bare `node:http` and a bare driver. It compares one header, runs the statement whose number is
 * the path and sends its rows as JSON. `/create` writes the rows of a new key, and seals one value. No GraphQL, no policy, no log.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Sqlite from 'better-sqlite3';
import mysql from 'mysql2/promise';
import type { SqlPart } from '../../src/graphql/keyset.js';
import { newId, type OrganizationId, type SecretKeyId } from '../../src/ids.js';
import { sealValue } from '../../src/vault/seal.js';

export interface LimitSettings {
  /** A path of a SQLite file, or a URL. */
  readonly database: { readonly sqlite: string } | { readonly mysql: string };
  readonly authorization: string;
  readonly statements: readonly SqlPart[];
  readonly create: {
    readonly organizationId: OrganizationId;
    readonly creatorId: string;
    readonly publicKey: readonly number[];
  };
}

interface BareDatabase {
  read(statement: SqlPart): unknown | Promise<unknown>;
  /** All of them in one transaction. */
  write(statements: readonly SqlPart[]): void | Promise<void>;
}

process.once('message', (message) => serve(message as LimitSettings));
process.once('disconnect', () => process.exit());

function serve(settings: LimitSettings): void {
  const database = 'sqlite' in settings.database ? sqlite(settings.database.sqlite) : server(settings.database.mysql);
  const answer = async (path: string): Promise<unknown> => {
    if (path === '/create') return database.write(rowsOfNewKey(settings.create));
    const statement = settings.statements[Number(path.slice(1))];
    return statement && database.read(statement);
  };
  const http = createServer(async (request, response) => {
    if (request.headers.authorization !== settings.authorization) return void response.writeHead(401).end();
    const body = JSON.stringify((await answer(request.url ?? '')) ?? null);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
  http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }));
}

function sqlite(path: string): BareDatabase {
  const connection = new Sqlite(path);
  for (const pragma of ['synchronous = FULL', 'busy_timeout = 5000', 'secure_delete = ON', 'cache_size = -65536'])
    connection.pragma(pragma);
  const prepared = new Map<string, Sqlite.Statement>();
  const prepare = (sql: string): Sqlite.Statement => {
    const statement = prepared.get(sql) ?? connection.prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  const writeAll = connection.transaction((statements: readonly SqlPart[]) => {
    for (const { sql, parameters } of statements) prepare(sql).run(...parameters);
  });
  return {
    read: ({ sql, parameters }) => prepare(sql).all(...parameters),
    write: (statements) => writeAll.immediate(statements),
  };
}

function server(url: string): BareDatabase {
  const pool = mysql.createPool({ uri: url, connectionLimit: 20, charset: 'utf8mb4' });
  pool.pool.on('connection', (connection) => connection.query('SET SESSION group_concat_max_len = 67108864'));
  return {
    read: async ({ sql, parameters }) => (await pool.query(sql, [...parameters]))[0],
    write: async (statements) => {
      const connection = await pool.getConnection();
      try {
        await connection.query('SET TRANSACTION ISOLATION LEVEL READ COMMITTED');
        await connection.beginTransaction();
        for (const { sql, parameters } of statements) await connection.query(sql, [...parameters]);
        await connection.commit();
      } finally {
        connection.release();
      }
    },
  };
}

const placeholder = Buffer.alloc(64);
const value = Buffer.from('not-a-real-secret-of-the-bench');

/** As many rows and columns as `createSecretKey` writes, of about the same lengths. */
function rowsOfNewKey({ organizationId, creatorId, publicKey }: LimitSettings['create']): SqlPart[] {
  const now = Date.now();
  const id = newId<SecretKeyId>(now);
  const name = `Bare ${randomUUID()}`;
  const binding = { organizationId, secretKeyId: id, valueVersion: 1, organizationKeyNumber: 1 };
  const ciphertext = Buffer.from(sealValue(binding, value, Uint8Array.from(publicKey)));
  const insert = (table: string, columns: readonly unknown[]): SqlPart => ({
    sql: `INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`,
    parameters: columns,
  });
  return [
    insert('secret_key', [
      ...[organizationId, id, name, name.toLowerCase(), null, 'RESTRICTED', 1, placeholder, '["api.service.example"]'],
      ...[0, '["HEADER"]', '["SEND_API_REQUEST"]', 1, now, null, 0, creatorId, now, now, null, null],
    ]),
    insert('secret_grant', [organizationId, id, creatorId, 'MANAGE']),
    insert('secret_key_access', [organizationId, creatorId, id, 'MANAGE', 'RESTRICTED', name.toLowerCase(), now, 0]),
    insert('sealed_value', [organizationId, id, 1, 1, ciphertext, placeholder]),
    {
      sql: 'UPDATE audit_head SET sequence = sequence + 1 WHERE organization_id = ?',
      parameters: [organizationId],
    },
    {
      sql: `INSERT INTO audit_event SELECT organization_id, sequence, ?, ?, 'secretKey.created', ?, ?, ?, hash
        FROM audit_head WHERE organization_id = ?`,
      parameters: [newId(now), now, creatorId, id, JSON.stringify({ details: 'x'.repeat(900) }), organizationId],
    },
  ];
}
