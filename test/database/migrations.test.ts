import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Database, type Row } from '../../src/database/database.js';
import { entities } from '../../src/database/entities.js';
import { type Scratch, scratchDatabase } from './scratch.js';

describe('migrations', () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await scratchDatabase();
  });
  afterEach(() => scratch.remove());

  /** Every column with its type, and which migrations have run when. */
  async function stateOf(database: Database): Promise<{ readonly columns: Row[]; readonly migrations: Row[] }> {
    const columns = await database.query(
      database.dialect === 'sqlite'
        ? "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name"
        : `SELECT table_name, column_name, column_type, is_nullable, collation_name FROM information_schema.columns
           WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position`,
    );
    return { columns, migrations: await database.query('SELECT * FROM migration ORDER BY id') };
  }

  it('make every table in an empty database, and change nothing when they run again', async () => {
    const first = await Database.open(scratch.config);
    const made = await stateOf(first);
    await first.close();
    const again = await Database.open(scratch.config);
    expect(await stateOf(again)).to.deep.equal(made);
    for (const entity of entities) expect(await again.readAll<object>(entity, {})).to.deep.equal([]);
    await again.close();
    expect(made.migrations.map(({ name }) => name)).to.deep.equal(['Initial1795800000000']);
  });

  it('run once when several processes start at the same time', async () => {
    const path = fileURLToPath(new URL('./open-database.js', import.meta.url));
    const processes = [1, 2, 3, 4].map(() => fork(path, { env: { ...process.env, DATABASE_URL: scratch.url } }));
    await Promise.all(processes.map((child) => once(child, 'message')));
    const ended = processes.map((child) => once(child, 'exit'));
    for (const child of processes) child.send('go');
    expect((await Promise.all(ended)).map(([code]) => code)).to.deep.equal([0, 0, 0, 0]);
    const database = await Database.open(scratch.config);
    expect((await stateOf(database)).migrations.map(({ name }) => name)).to.deep.equal(['Initial1795800000000']);
    await database.close();
  });
});
