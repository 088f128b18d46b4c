import { expect } from 'chai';
import { getMetadataArgsStorage } from 'typeorm';
import { entities } from '../../src/database/entities.js';
import { sharedApi } from '../support/api.js';
import { filesWith, linesWith, sourceFiles } from './source.js';

describe('what leaves the database', () => {
  it('has no relations to follow: every entity stands alone', () => {
    const { relations, embeddeds, tables } = getMetadataArgsStorage();
    expect([...relations, ...embeddeds]).to.deep.equal([]);
    expect(tables.length).to.equal(entities.length);
  });

  it('holds a ciphertext in the few places that write, erase and open it', () => {
    expect(filesWith(/\bSealedValueEntity\b/).filter((path) => !path.startsWith('src/runner/'))).to.deep.equal([
      'src/database/entities.ts',
      'src/modules/secret-key/purge-secret-keys.ts',
      'src/modules/secret-key/seal-secret-value.ts',
      'src/modules/secret-key/sealed-value.entity.ts',
    ]);
    expect(linesWith(/\b(FROM|JOIN|INTO|UPDATE)\s+sealed_value\b/i)).to.deep.equal([]);
  });

  it('is mapped to an output type property by property: nothing is spread', () => {
    const types = sourceFiles.filter(({ path }) => path.endsWith('.type.ts'));
    expect(linesWith(/\.\.\.|Object\.(assign|fromEntries)/, types)).to.deep.equal([]);
    expect(types.length).to.be.greaterThan(3);
  });
});

describe('the audit log in the source code', () => {
  it('is written by inserting alone: nothing updates or deletes a record', () => {
    expect(filesWith(/\bAuditEventEntity\b/)).to.deep.equal([
      'src/audit/audit-log.ts',
      'src/audit/audit.entity.ts',
      'src/database/entities.ts',
    ]);
    expect(linesWith(/manager\b.*\bAuditEventEntity\b/)).to.deep.equal([
      'src/audit/audit-log.ts: await tx.manager.insert(AuditEventEntity, {',
    ]);
    expect(
      linesWith(
        /\b(UPDATE|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE|ALTER\s+TABLE|DROP\s+TABLE)\s+(TABLE\s+)?`?audit_event\b/i,
      ),
    ).to.deep.equal([]);
  });
});

describe('every table', () => {
  /** Of each key and index: its table, and its columns in their order. */
  async function indexes(): Promise<{ readonly table: string; readonly columns: string }[]> {
    const { database } = (await sharedApi()).services;
    const rows = await database.query(
      database.dialect === 'sqlite'
        ? `SELECT t.name AS tbl, group_concat(c.name, ', ' ORDER BY c.seqno) AS cols
           FROM sqlite_master t JOIN pragma_index_list(t.name) i JOIN pragma_index_info(i.name) c
           WHERE t.type = 'table' GROUP BY t.name, i.name`
        : `SELECT table_name AS tbl, GROUP_CONCAT(column_name ORDER BY seq_in_index SEPARATOR ', ') AS cols
           FROM information_schema.statistics WHERE table_schema = DATABASE() GROUP BY table_name, index_name`,
    );
    return rows.map(({ tbl, cols }) => ({ table: String(tbl), columns: String(cols) }));
  }

  it('starts its primary key and each of its indexes with the organization, but for the directories of organizations', async () => {
    const others = (await indexes())
      .filter(({ table, columns }) => table !== 'migration' && !columns.startsWith('organization_id'))
      .map(({ table, columns }) => `${table}(${columns})`);
    expect(others.sort()).to.deep.equal([
      'identity(issuer, subject, organization_id)',
      'organization(id)',
      'organization(slug)',
    ]);
  });

  it('is among those that the rule above has seen', async () => {
    const { database } = (await sharedApi()).services;
    const rows = await database.query(
      database.dialect === 'sqlite'
        ? "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name <> 'migration'"
        : "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name <> 'migration'",
    );
    const seen = new Set((await indexes()).map(({ table }) => table));
    expect(rows.map(({ name }) => String(name)).filter((name) => !seen.has(name))).to.deep.equal([]);
    expect(rows.length).to.equal(entities.length);
  });
});
