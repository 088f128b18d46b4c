import { expect } from 'chai';
import { type AuditBody, genesisHash, hashBody, recordAudit } from '../../src/audit/audit-log.js';
import { type ChainReport, type Checkpoint, verifyChain } from '../../src/audit/verify-chain.js';
import type { Database } from '../../src/database/database.js';
import { newId } from '../../src/ids.js';
import { newTeam, type Team } from '../support/api.js';
import { createKey, uniqueName } from '../support/secret-keys.js';

/** A chain of six records: the organization's first, and five keys'. */
describe('the check of an audit chain', () => {
  let team: Team;
  let database: Database;
  before(async () => {
    database = (await newTeam()).api.services.database;
  });
  beforeEach(async () => {
    team = await newTeam();
    for (let keys = 0; keys < 5; keys += 1) await createKey(team.bob);
  });

  const verify = (checkpoint?: Checkpoint): Promise<ChainReport> =>
    verifyChain(database, team.organizationId, checkpoint);
  const broken = (sequence: number, reason: string): ChainReport => ({
    organizationId: team.organizationId,
    isIntact: false,
    sequence,
    reason,
  });
  /** Does to the tables what no code of the product does. `?` in the statement is followed by the organization. */
  const tamper = async (sql: string, ...parameters: unknown[]): Promise<void> => {
    await database.transaction((tx) => tx.query(sql, [...parameters, team.organizationId]));
  };
  const bodyOf = async (sequence: number): Promise<AuditBody> => {
    const [row] = await database.query('SELECT body FROM audit_event WHERE organization_id = ? AND sequence = ?', [
      team.organizationId,
      sequence,
    ]);
    return JSON.parse(String(row?.body));
  };
  const headNow = async (): Promise<Checkpoint> => {
    const [row] = await database.query('SELECT sequence, hash FROM audit_head WHERE organization_id = ?', [
      team.organizationId,
    ]);
    return { organizationId: team.organizationId, sequence: Number(row?.sequence), hash: String(row?.hash) };
  };
  /** Replaces a record's text and hash, so that the two fit each other. */
  const rewrite = async (sequence: number, text: string): Promise<void> =>
    tamper(
      `UPDATE audit_event SET body = ?, hash = ? WHERE sequence = ${sequence} AND organization_id = ?`,
      text,
      hashBody(text),
    );

  it('finds a chain that nobody touched intact, and says how long it is and where it ends', async () => {
    const { sequence, hash } = await headNow();
    expect(await verify()).to.deep.equal({
      organizationId: team.organizationId,
      isIntact: true,
      records: 6,
      headHash: hash,
    });
    expect(sequence).to.equal(6);
  });

  it('finds a chain of several pages intact', async () => {
    await database.transaction(async (tx) => {
      const actor = { organizationId: team.organizationId, principal: null, requestId: 'test', now: 1 };
      const subject = { type: 'Organization', id: newId<string>(), name: 'Team' } as const;
      for (let count = 0; count < 600; count += 1) await recordAudit(tx, actor, { type: 'test.counted', subject });
    });
    expect(await verify()).to.deep.include({ isIntact: true, records: 606 });
    await tamper("UPDATE audit_event SET type = 'test.other' WHERE sequence = 590 AND organization_id = ?");
    expect(await verify()).to.deep.equal(broken(590, 'the columns differ from the body'));
  });

  it('finds it intact while others are appending to it', async () => {
    let isWriting = true;
    const writing = Promise.all(Array.from({ length: 12 }, () => createKey(team.bob))).finally(() => {
      isWriting = false;
    });
    const reports: ChainReport[] = [];
    while (isWriting) {
      reports.push(await verify());
      // SQLite answers without waiting for anything, so that nobody else would get a turn.
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    expect(reports.filter(({ isIntact }) => !isIntact)).to.deep.equal([]);
    expect(await verify()).to.deep.include({ isIntact: true, records: 18 });
  });

  for (const sequence of [1, 3, 6]) {
    it(`names record ${sequence} of 6 when its body was changed`, async () => {
      await tamper(
        `UPDATE audit_event SET body = REPLACE(body, '"version":1', '"version":2') WHERE sequence = ${sequence} AND organization_id = ?`,
      );
      expect(await verify()).to.deep.equal(broken(sequence, 'the body does not match its hash'));
    });

    it(`names record ${sequence} of 6 when it was removed`, async () => {
      await tamper(`DELETE FROM audit_event WHERE sequence = ${sequence} AND organization_id = ?`);
      expect(await verify()).to.deep.equal(broken(sequence, 'the record is missing'));
    });
  }

  for (const [column, value] of [
    ['id', newId<string>()],
    ['occurred_at', 1],
    ['type', 'secretKey.deleted'],
    ['actor_id', null],
    ['subject_id', newId<string>()],
  ] as const) {
    it(`names the record whose column ${column} differs from its body`, async () => {
      await tamper(`UPDATE audit_event SET ${column} = ? WHERE sequence = 4 AND organization_id = ?`, value);
      expect(await verify()).to.deep.equal(broken(4, 'the columns differ from the body'));
    });
  }

  it('names the record whose hash was changed', async () => {
    await tamper('UPDATE audit_event SET hash = ? WHERE sequence = 2 AND organization_id = ?', 'f'.repeat(64));
    expect(await verify()).to.deep.equal(broken(2, 'the body does not match its hash'));
  });

  it('names the record after one whose body and hash were changed together', async () => {
    await rewrite(3, JSON.stringify({ ...(await bodyOf(3)), details: {} }));
    expect(await verify()).to.deep.equal(broken(4, 'the record does not follow the one before it'));
  });

  it('finds the last record, changed together with its hash, by the head', async () => {
    await rewrite(6, JSON.stringify({ ...(await bodyOf(6)), details: {} }));
    expect(await verify()).to.deep.equal(broken(6, 'the head does not match the last record'));
  });

  for (const text of ['', 'not JSON', 'null', '7', '"text"']) {
    it(`names the record whose body became ${text || 'empty'}, with the hash of that`, async () => {
      await rewrite(5, text);
      expect(await verify()).to.deep.equal(broken(5, 'the body is not a record'));
    });
  }

  it('names the record that says nothing but what comes before it', async () => {
    const { previousHash } = await bodyOf(5);
    for (const body of [{ previousHash }, { previousHash, subject: null, actor: null }]) {
      await rewrite(5, JSON.stringify(body));
      expect(await verify()).to.deep.equal(broken(5, 'the columns differ from the body'));
    }
  });

  it('names the record that was put in between others', async () => {
    for (const sequence of [6, 5, 4]) {
      await tamper(
        `UPDATE audit_event SET sequence = ${sequence + 1} WHERE sequence = ${sequence} AND organization_id = ?`,
      );
    }
    const before = await bodyOf(3);
    const text = JSON.stringify({ ...before, sequence: 4, previousHash: hashBody(JSON.stringify(before)) });
    await tamper(
      `INSERT INTO audit_event (organization_id, sequence, id, occurred_at, type, actor_id, subject_id, body, hash)
       SELECT organization_id, 4, id, occurred_at, type, actor_id, subject_id, ?, ? FROM audit_event
       WHERE sequence = 3 AND organization_id = ?`,
      text,
      hashBody(text),
    );
    expect(await verify()).to.deep.equal(broken(5, 'the record does not follow the one before it'));
    await tamper('UPDATE audit_head SET sequence = 7 WHERE organization_id = ?');
    expect(await verify()).to.deep.equal(broken(5, 'the record does not follow the one before it'));
  });

  it('names the first of two records that changed places', async () => {
    for (const [from, to] of [
      [2, 100],
      [4, 2],
      [100, 4],
    ]) {
      await tamper(`UPDATE audit_event SET sequence = ${to} WHERE sequence = ${from} AND organization_id = ?`);
    }
    expect(await verify()).to.deep.equal(broken(2, 'the record does not follow the one before it'));
  });

  it('names the record beyond the head', async () => {
    const { previousHash } = await bodyOf(6);
    await tamper('UPDATE audit_head SET sequence = 5, hash = ? WHERE organization_id = ?', previousHash);
    expect(await verify()).to.deep.equal(broken(6, 'the record is beyond the head'));
  });

  it('names the first missing record when the head tells of more than there are', async () => {
    await tamper('UPDATE audit_head SET sequence = 9 WHERE organization_id = ?');
    expect(await verify()).to.deep.equal(broken(7, 'the record is missing'));
  });

  it('finds a head of another hash', async () => {
    await tamper('UPDATE audit_head SET hash = ? WHERE organization_id = ?', genesisHash);
    expect(await verify()).to.deep.equal(broken(6, 'the head does not match the last record'));
  });

  it('finds a head that is gone', async () => {
    await tamper('DELETE FROM audit_head WHERE organization_id = ?');
    expect(await verify()).to.deep.equal(broken(0, 'the organization has no chain'));
  });

  it('finds another organization’s record in the place of one’s own', async () => {
    const other = await newTeam();
    await createKey(other.bob, { name: uniqueName() });
    const [theirs] = await database.query(
      'SELECT body, hash FROM audit_event WHERE organization_id = ? AND sequence = 1',
      [other.organizationId],
    );
    await tamper(
      'UPDATE audit_event SET body = ?, hash = ? WHERE sequence = 1 AND organization_id = ?',
      theirs?.body,
      theirs?.hash,
    );
    expect(await verify()).to.deep.equal(broken(1, 'the columns differ from the body'));
  });

  describe('against a checkpoint', () => {
    it('is passed by the chain that it was taken of, also after it grew', async () => {
      const checkpoint = await headNow();
      expect(await verify(checkpoint)).to.deep.include({ isIntact: true, records: 6 });
      await createKey(team.bob);
      expect(await verify(checkpoint)).to.deep.include({ isIntact: true, records: 7 });
    });

    it('finds what nothing else shows: records cut off the end together with the head', async () => {
      const checkpoint = await headNow();
      const { previousHash } = await bodyOf(5);
      await tamper('DELETE FROM audit_event WHERE sequence >= 5 AND organization_id = ?');
      await tamper('UPDATE audit_head SET sequence = 4, hash = ? WHERE organization_id = ?', previousHash);
      expect(await verify()).to.deep.include({ isIntact: true, records: 4 });
      expect(await verify(checkpoint)).to.deep.equal(broken(5, 'the chain ends before the checkpoint'));
    });

    it('finds what nothing else shows: a chain that was written anew from some record on', async () => {
      const checkpoint = await headNow();
      let previousHash = (await bodyOf(4)).previousHash;
      for (const sequence of [4, 5, 6]) {
        const text = JSON.stringify({ ...(await bodyOf(sequence)), previousHash, details: { forged: true } });
        previousHash = hashBody(text);
        await rewrite(sequence, text);
      }
      await tamper('UPDATE audit_head SET hash = ? WHERE organization_id = ?', previousHash);
      expect(await verify()).to.deep.include({ isIntact: true, records: 6 });
      expect(await verify(checkpoint)).to.deep.equal(broken(6, 'the record differs from the checkpoint'));
    });
  });
});
