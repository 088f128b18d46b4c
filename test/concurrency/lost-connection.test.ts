import { expect } from 'chai';
import mysql from 'mysql2/promise';
import type { Database, Transaction } from '../../src/database/database.js';
import { ApiError } from '../../src/errors.js';
import { newId, type OrganizationId } from '../../src/ids.js';
import { OrganizationEntity } from '../../src/modules/organization/organization.entity.js';
import { newTeam, sharedApi } from '../support/api.js';
import { renameSecretKey } from '../support/operations.js';
import { createKey } from '../support/secret-keys.js';
import { expectSound, outcomes } from './invariants.js';

describe('a connection to the database that is lost', () => {
  let database: Database;
  let schema: string;
  let killer: mysql.Connection;
  before(async function () {
    const { services, config } = await sharedApi();
    if (config.database.kind === 'sqlite') return this.skip(); // there is no connection to lose
    database = services.database;
    schema = config.database.database;
    const { host, port, user, password } = config.database;
    killer = await mysql.createConnection({ host, port, user, password: password.reveal() });
  });
  after(() => killer?.end());

  const kill = async (tx: Transaction): Promise<void> => {
    const [row] = await tx.query('SELECT CONNECTION_ID() AS id');
    await killer.query(`KILL CONNECTION ${Number(row?.id)}`);
  };
  const killAll = async (): Promise<void> => {
    const [rows] = await killer.query('SELECT id FROM information_schema.processlist WHERE db = ?', [schema]);
    for (const { id } of rows as { id: number }[]) await killer.query(`KILL CONNECTION ${id}`);
  };
  const insert = async (tx: Transaction, slug: string): Promise<void> => {
    const row = { id: newId<OrganizationId>(), slug, name: slug, isDemo: false, membershipVersion: 0, createdAt: 0 };
    await tx.manager.insert(OrganizationEntity, row);
  };
  const countOf = async (slug: string): Promise<number> =>
    (await database.query('SELECT id FROM organization WHERE slug = ?', [slug])).length;

  for (const noticed of ['at once', 'later']) {
    it(`within a transaction, noticed ${noticed}, starts the transaction again, and it is made once`, async () => {
      const slug = noticed === 'at once' ? 'lost-at-once' : 'lost-before';
      let runs = 0;
      await database.transaction(async (tx) => {
        runs += 1;
        await insert(tx, slug);
        if (runs === 1) await kill(tx);
        if (noticed === 'later') await new Promise((resolve) => setTimeout(resolve, 50));
        await tx.query('SELECT 1');
      });
      expect({ runs, rows: await countOf(slug) }).to.deep.equal({ runs: 2, rows: 1 });
    });
  }

  it('at the commit ends in an error that says to look first, since nobody knows whether the change was made', async () => {
    const error = await database
      .transaction(async (tx) => {
        await insert(tx, 'lost-at-commit');
        await kill(tx);
        // The server closes the connection a moment later; the commit must not be faster.
        await new Promise((resolve) => setTimeout(resolve, 50));
      })
      .catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ApiError);
    expect(error).to.include({
      code: 'INTERNAL',
      message: 'The database connection was lost while the change was being saved. Look before you try again.',
    });
    expect(await countOf('lost-at-commit')).to.equal(0);
  });

  it('while it is idle is replaced: reads and writes go on', async () => {
    await Promise.all(Array.from({ length: 10 }, () => database.query('SELECT SLEEP(0.01)')));
    await killAll();
    expect(await Promise.all(Array.from({ length: 10 }, () => countOf('none')))).to.deep.equal(Array(10).fill(0));
    await killAll();
    await database.transaction((tx) => insert(tx, 'after-the-loss'));
    expect(await countOf('after-the-loss')).to.equal(1);
  });

  it('again and again under load loses no change that was answered with a result', async () => {
    const team = await newTeam();
    const ids = await Promise.all(Array.from({ length: 10 }, () => createKey(team.bob)));
    let isAsking = true;
    const asking = Promise.all(
      ids.map(async (id, index) => {
        const answers = [];
        for (let round = 0; round < 5; round += 1) {
          answers.push(await team.bob.ask(renameSecretKey, { input: { id, name: `Renamed ${index} ${round}` } }));
        }
        return answers;
      }),
    ).finally(() => {
      isAsking = false;
    });
    while (isAsking) {
      await killAll();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const answers = (await asking).flat();
    const made = answers.filter(({ errors }) => errors === undefined);
    const records = await database.query(
      "SELECT type FROM audit_event WHERE organization_id = ? AND type = 'secretKey.renamed'",
      [team.organizationId],
    );
    // The commit of a change that was answered with INTERNAL may have been made.
    expect(records.length).to.be.within(made.length, answers.length);
    expect(outcomes(answers).filter((outcome) => outcome !== 'OK' && outcome !== 'INTERNAL')).to.deep.equal([]);
    await expectSound(team);
  });
});
