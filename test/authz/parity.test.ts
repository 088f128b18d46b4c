import Sqlite from 'better-sqlite3';
import { expect } from 'chai';
import { createConnection, type RowDataPacket } from 'mysql2/promise';
import { checkParity, type ParityDatabase, type ParityReport } from './parity.js';

/** Another seed, such as one that a failure printed: PARITY_SEED=… npm test. */
const seed = Number(process.env.PARITY_SEED ?? 20_240_601);
const sets = 2_400;

function expectEverythingCompared({ compared, rowsAllowed, rowsDenied }: ParityReport): void {
  expect(Object.values(compared).reduce((sum, times) => sum + times, 0)).to.equal(sets);
  for (const [kind, times] of Object.entries(compared)) expect(times, kind).to.be.greaterThan(sets / 50);
  expect(rowsAllowed).to.be.greaterThan(sets);
  expect(rowsDenied).to.be.greaterThan(sets);
}

describe('parity of decisions and filters', function () {
  this.timeout(60_000);

  it('SQLite selects exactly the rows that decide allows', async () => {
    const sqlite = new Sqlite(':memory:');
    const database: ParityDatabase = {
      query: async (sql, parameters) => {
        const statement = sqlite.prepare<unknown[], Record<string, unknown>>(sql);
        if (statement.reader) return statement.all(...parameters);
        statement.run(...parameters);
        return [];
      },
    };
    try {
      expectEverythingCompared(await checkParity(database, 'sqlite', seed, sets));
    } finally {
      sqlite.close();
    }
  });

  for (const [name, url] of [
    ['MariaDB', process.env.TEST_MARIADB_URL],
    ['MySQL', process.env.TEST_MYSQL_URL],
  ]) {
    it(`${name} selects exactly the rows that decide allows`, async function () {
      if (!url) return this.skip();
      const scratch = `nightsafe_parity_${process.pid}`;
      const server = new URL(url);
      server.pathname = '';
      const connection = await createConnection(server.href);
      const database: ParityDatabase = {
        query: async (sql, parameters) => {
          const [rows] = await connection.execute<RowDataPacket[]>(sql, [...parameters] as string[]);
          connection.unprepare(sql);
          return Array.isArray(rows) ? rows : [];
        },
      };
      try {
        await connection.query(`CREATE DATABASE ${scratch}`);
        await connection.query(`USE ${scratch}`);
        expectEverythingCompared(await checkParity(database, 'mysql', seed, sets));
      } finally {
        await connection.query(`DROP DATABASE IF EXISTS ${scratch}`);
        await connection.end();
      }
    });
  }
});
