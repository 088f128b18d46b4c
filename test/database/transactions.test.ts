import { expect } from 'chai';
import { Database, insertUnique, type Transaction, TryAgain } from '../../src/database/database.js';
import { type GranteeId, newId, type OrganizationId } from '../../src/ids.js';
import { IdentityEntity, OrganizationEntity } from '../../src/modules/organization/organization.entity.js';
import { type Scratch, scratchDatabase } from './scratch.js';

describe('a transaction', () => {
  let scratch: Scratch;
  let database: Database;
  before(async () => {
    scratch = await scratchDatabase();
    database = await Database.open(scratch.config);
  });
  after(async () => {
    await database.close();
    await scratch.remove();
  });

  const insert = async (tx: Transaction, slug: string): Promise<OrganizationId> => {
    const id = newId<OrganizationId>();
    const row = { id, slug, name: slug, isDemo: false, membershipVersion: 0, createdAt: 0 };
    await tx.manager.insert(OrganizationEntity, row);
    return id;
  };
  const exists = async (slug: string): Promise<boolean> =>
    (await database.query('SELECT id FROM organization WHERE slug = ?', [slug])).length === 1;
  const versionOf = async (id: OrganizationId): Promise<number | undefined> =>
    (await database.read(OrganizationEntity, { id }))?.membershipVersion;
  const refusal = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'no refusal',
      (error: unknown) => error,
    );

  it('returns what its work returns, and its rows are there', async () => {
    const id = await database.transaction((tx) => insert(tx, 'kept'));
    expect(await database.read(OrganizationEntity, { id })).to.deep.equal({
      id,
      slug: 'kept',
      name: 'kept',
      isDemo: false,
      membershipVersion: 0,
      createdAt: 0,
    });
  });

  it('that throws leaves nothing, and its error comes through as it is', async () => {
    const reason = new Error('changed my mind');
    const thrown = await refusal(
      database.transaction(async (tx) => {
        await insert(tx, 'thrown-1');
        await tx.query("UPDATE organization SET name = 'gone' WHERE slug = 'kept'");
        await insert(tx, 'thrown-2');
        throw reason;
      }),
    );
    expect(thrown).to.equal(reason);
    expect([await exists('thrown-1'), await exists('thrown-2')]).to.deep.equal([false, false]);
    expect(await database.query("SELECT id FROM organization WHERE name = 'gone'")).to.deep.equal([]);
  });

  it('that fails in a statement leaves nothing of the statements before it', async () => {
    await database.transaction((tx) => insert(tx, 'taken'));
    const error = await refusal(
      database.transaction(async (tx) => {
        await insert(tx, 'before-the-failure');
        await insertUnique(
          () => insert(tx, 'taken'),
          () => new RangeError('taken'),
        );
      }),
    );
    expect(error).to.be.instanceOf(RangeError);
    expect(await exists('before-the-failure')).to.equal(false);
  });

  it('sees its own rows, and readers see none of them before the commit', async () => {
    const during = await database.transaction(async (tx) => {
      await insert(tx, 'in-flight');
      const own = await tx.query("SELECT slug FROM organization WHERE slug = 'in-flight'");
      return { own: own.length, readers: await exists('in-flight') };
    });
    expect(during).to.deep.equal({ own: 1, readers: false });
    expect(await exists('in-flight')).to.equal(true);
  });

  it('runs again when it asks to, from a clean start each time', async () => {
    let runs = 0;
    await database.transaction(async (tx) => {
      runs += 1;
      await insert(tx, 'again');
      if (runs < 3) throw new TryAgain();
    });
    expect({ runs, exists: await exists('again') }).to.deep.equal({ runs: 3, exists: true });
  });

  it('gives up after a bounded number of runs', async () => {
    let runs = 0;
    const error = await refusal(
      database.transaction(async () => {
        runs += 1;
        throw new TryAgain();
      }),
    );
    expect(error).to.be.instanceOf(TryAgain);
    expect(runs).to.equal(6);
  });

  it('does not interleave with others that were begun at the same time: no increment is lost', async () => {
    const id = await database.transaction((tx) => insert(tx, 'counted'));
    await Promise.all(
      Array.from({ length: 30 }, () =>
        database.transaction(async (tx) => {
          const [row] = await tx.lock('SELECT membership_version AS version FROM organization WHERE id = ?', [id]);
          await new Promise((resolve) => setImmediate(resolve));
          await tx.query('UPDATE organization SET membership_version = ? WHERE id = ?', [Number(row?.version) + 1, id]);
        }),
      ),
    );
    expect(await versionOf(id)).to.equal(30);
  });

  it('that throws takes nothing along of others that run at the same time', async () => {
    const id = await database.transaction((tx) => insert(tx, 'half'));
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        refusal(
          database.transaction(async (tx) => {
            await tx.lock('SELECT id FROM organization WHERE id = ?', [id]);
            await tx.query('UPDATE organization SET membership_version = membership_version + 1 WHERE id = ?', [id]);
            await new Promise((resolve) => setImmediate(resolve));
            if (index % 2 === 0) throw new Error('this one is undone');
          }),
        ),
      ),
    );
    expect(await versionOf(id)).to.equal(10);
  });

  it('of a connection that is busy elsewhere does not hold up reads', async () => {
    const reads = await database.transaction(async (tx) => {
      await tx.lock("SELECT id FROM organization WHERE slug = 'kept'");
      return Promise.all(Array.from({ length: 5 }, () => exists('kept')));
    });
    expect(reads).to.deep.equal([true, true, true, true, true]);
  });

  it('writes through entities what others then read through them', async () => {
    const identity = { issuer: 'https://i.test.invalid', subject: 'x', organizationId: newId<OrganizationId>() };
    const personId = newId<GranteeId>();
    const signature = Uint8Array.of(1, 2);
    await database.transaction((tx) => tx.manager.insert(IdentityEntity, { ...identity, personId, signature }));
    expect(await database.readAll(IdentityEntity, { organizationId: identity.organizationId })).to.deep.equal([
      { ...identity, personId, signature },
    ]);
  });
});
