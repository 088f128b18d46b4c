import { expect } from 'chai';
import { Database } from '../../src/database/database.js';
import { type GranteeId, newId, type OrganizationId, type SecretKeyId } from '../../src/ids.js';
import { GranteeEntity, OrganizationEntity } from '../../src/modules/organization/organization.entity.js';
import { SealedValueEntity } from '../../src/modules/secret-key/sealed-value.entity.js';
import { SecretKeyEntity } from '../../src/modules/secret-key/secret-key.entity.js';
import { type Scratch, scratchDatabase } from './scratch.js';

describe('a column gives back what was put into it:', () => {
  let scratch: Scratch;
  let database: Database;
  const organizationId = newId<OrganizationId>();
  before(async () => {
    scratch = await scratchDatabase();
    database = await Database.open(scratch.config);
  });
  after(async () => {
    await database.close();
    await scratch.remove();
  });

  const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
  const key: SecretKeyEntity = {
    organizationId,
    id: newId<SecretKeyId>(),
    name: 'Zürich 🗝 \u{10FFFF} "quoted" \\ %_\' `',
    nameKey: null,
    description: null,
    accessLevel: 'RESTRICTED',
    accessRevision: 2 ** 53 - 1,
    accessSignature: everyByte,
    allowedHosts: ['a.example', 'ü"\\\n\u2028🗝'],
    allowsAnyHost: true,
    placements: [],
    uses: ['HMAC', 'RAW'],
    valueVersion: 1,
    valueUpdatedAt: 8_640_000_000_000_000,
    expiresAt: null,
    lastUsedAt: 0,
    createdById: null,
    createdAt: -1,
    updatedAt: 1_764_000_000_123,
    deletedAt: null,
    deletedById: null,
  };

  it('text, JSON, bytes, flags, numbers up to 2^53 and nothing at all', async () => {
    await database.transaction((tx) => tx.manager.insert(SecretKeyEntity, key));
    expect(await database.read(SecretKeyEntity, { organizationId, id: key.id })).to.deep.equal(key);
    const inTransaction = await database.transaction((tx) =>
      tx.manager.findOne(SecretKeyEntity, { where: { organizationId, id: key.id } }),
    );
    expect(inTransaction).to.deep.equal(key);
  });

  it('bytes of the largest sealed value, as plain bytes', async () => {
    const ciphertext = new Uint8Array(70_000).fill(0xa5);
    const sealed = {
      organizationId,
      secretKeyId: newId<SecretKeyId>(),
      valueVersion: 1,
      organizationKeyNumber: 1,
      ciphertext,
      signature: new Uint8Array(),
    };
    await database.transaction((tx) => tx.manager.insert(SealedValueEntity, sealed));
    const stored = await database.read(SealedValueEntity, { secretKeyId: sealed.secretKeyId });
    expect(stored).to.deep.equal(sealed);
    expect(stored?.ciphertext.constructor).to.equal(Uint8Array);
  });

  it('a text that is as long as its column, in characters and not in bytes', async () => {
    const row = { id: newId<OrganizationId>(), slug: 'long', name: '🗝'.repeat(200) };
    const organization = { ...row, isDemo: false, membershipVersion: 0, createdAt: 0 };
    await database.transaction((tx) => tx.manager.insert(OrganizationEntity, organization));
    expect(await database.read(OrganizationEntity, { slug: 'long' })).to.deep.equal(organization);
  });

  describe('text', () => {
    // In the order of their code points, which is neither the order of UTF-16 code units nor any language's.
    const names = ['A', 'B', 'a', 'b', '~', 'É', 'é', 'ß', '\u{ff5e}', '\u{1f5dd}'].map((name) => `n${name}`);
    const owner = newId<OrganizationId>();
    before(() =>
      database.transaction(async (tx) => {
        for (const name of names.toReversed()) {
          await tx.manager.insert(GranteeEntity, {
            organizationId: owner,
            id: newId<GranteeId>(),
            kind: 'GROUP',
            state: 'ACTIVE',
            role: null,
            name,
            nameKey: name,
            email: null,
            description: null,
            createdById: null,
            createdAt: 0,
            updatedAt: 0,
            revision: 1,
            signature: null,
          });
        }
      }),
    );
    const select = async (rest: string, ...parameters: unknown[]): Promise<unknown[]> =>
      (
        await database.query(`SELECT name_key AS text FROM grantee WHERE organization_id = ? ${rest}`, [
          owner,
          ...parameters,
        ])
      ).map(({ text }) => text);
    const byCodePoint = [...names].sort((a, b) => (a.codePointAt(1) ?? 0) - (b.codePointAt(1) ?? 0));

    it('is ordered by code point', async () => {
      expect(await select('ORDER BY name_key')).to.deep.equal(byCodePoint);
    });

    it('is compared by code point, where a page ends', async () => {
      expect(await select('AND name_key > ? ORDER BY name_key', 'na')).to.deep.equal(
        byCodePoint.slice(byCodePoint.indexOf('na') + 1),
      );
    });

    it('is equal to itself alone: another case or accent is another text', async () => {
      for (const name of names) expect(await select('AND name_key = ?', name)).to.deep.equal([name]);
      for (const other of ['Na', 'ne', 'nE', 'nss', 'ne\u0301']) {
        expect(await select('AND name_key = ?', other)).to.deep.equal([]);
      }
    });

    it('is distinct where it must be unique', async () => {
      const insert = (name: string) =>
        database.transaction((tx) => {
          const ids = { organizationId: owner, id: newId<SecretKeyId>() };
          return tx.manager.insert(SecretKeyEntity, { ...key, ...ids, nameKey: name });
        });
      for (const name of names) await insert(name);
      const taken = await insert('na').then(
        () => 'stored',
        () => 'refused',
      );
      expect(taken).to.equal('refused');
      const found = await database.query('SELECT COUNT(*) AS count FROM secret_key WHERE organization_id = ?', [owner]);
      expect(Number(found[0]?.count)).to.equal(names.length);
    });
  });
});
