import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { hashBody } from '../../src/audit/audit-log.js';
import { type Ended, Installation, refusal } from '../start/installation.js';

/** A database with the demo organization and others, which tests make for themselves. */
async function prepared(): Promise<Installation> {
  const installation = await Installation.make();
  await installation.run(['keys', 'init']);
  const api = installation.begin(['api']);
  await api.serving('api');
  await api.stop();
  return installation;
}

const words = 'organization --name Org --admin-subject ada --admin-name Ada --issuer https://id.example.test';

/** An organization whose chain has two records. */
async function newOrganization(installation: Installation, slug: string): Promise<string> {
  const { code, stdout } = await installation.run([...words.split(' '), '--slug', slug]);
  expect(code).to.equal(0);
  return stdout.trim();
}

describe('nightsafe audit', () => {
  let installation: Installation;
  before(async () => {
    installation = await prepared();
  });
  after(() => installation.remove());

  const verify = (slug: string, ...more: string[]) =>
    installation.run(['audit', 'verify', '--organization', slug, ...more]);
  const broken = (slug: string, sequence: number, reason: string): Ended => ({
    code: 1,
    signal: null,
    stdout: `${slug}: broken at record ${sequence}: ${reason}\n`,
    stderr: '',
  });
  const headOf = async (id: string): Promise<string> =>
    String((await installation.sql('SELECT hash FROM audit_head WHERE organization_id = ?', [id]))[0]?.hash);
  const checkpointFile = async (name: string): Promise<string> => {
    const { code, stdout, stderr } = await installation.run(['audit', 'checkpoint']);
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    const path = join(installation.folder, `${name}.json`);
    writeFileSync(path, stdout);
    return path;
  };

  it('verify finds an untouched chain intact, in words and as JSON', async () => {
    const id = await newOrganization(installation, 'intact');
    const headHash = await headOf(id);
    const ended = { code: 0, signal: null, stderr: '' };
    expect(await verify('intact')).to.deep.equal({
      ...ended,
      stdout: `intact: 2 records, intact; the last hash is ${headHash}\n`,
    });
    const { stdout, ...rest } = await verify('intact', '--json');
    expect(rest).to.deep.equal(ended);
    expect(JSON.parse(stdout)).to.deep.equal([
      { slug: 'intact', organizationId: id, isIntact: true, records: 2, headHash },
    ]);
  });

  it('verify names the first record that was changed, in words and as JSON', async () => {
    const id = await newOrganization(installation, 'changed');
    await installation.sql(
      "UPDATE audit_event SET body = REPLACE(body, 'Ada', 'Eve') WHERE organization_id = ? AND sequence = 2",
      [id],
    );
    const reason = 'the body does not match its hash';
    expect(await verify('changed')).to.deep.equal(broken('changed', 2, reason));
    const { code, stdout } = await verify('changed', '--json');
    expect(code).to.equal(1);
    expect(JSON.parse(stdout)).to.deep.equal([
      { slug: 'changed', organizationId: id, isIntact: false, sequence: 2, reason },
    ]);
  });

  it('verify names a record that was removed', async () => {
    const id = await newOrganization(installation, 'removed');
    await installation.sql('DELETE FROM audit_event WHERE organization_id = ? AND sequence = 1', [id]);
    expect(await verify('removed')).to.deep.equal(broken('removed', 1, 'the record is missing'));
  });

  it('verify without an organization looks at all, and one that is broken is enough', async () => {
    const own = await prepared();
    try {
      const id = await newOrganization(own, 'globex');
      const all = await own.run(['audit', 'verify']);
      expect(all).to.include({ code: 0, stderr: '' });
      expect(all.stdout).to.match(/^acme: \d+ records, intact; .+\nglobex: 2 records, intact; .+\n$/);
      await own.sql("UPDATE audit_event SET type = 'canary' WHERE organization_id = ? AND sequence = 2", [id]);
      const after = await own.run(['audit', 'verify']);
      expect(after).to.include({ code: 1, stderr: '' });
      expect(after.stdout.split('\n').slice(1)).to.deep.equal([
        'globex: broken at record 2: the columns differ from the body',
        '',
      ]);
    } finally {
      await own.remove();
    }
  });

  it('verify refuses an organization that there is not', async () => {
    expect(await verify('canary')).to.deep.equal(refusal('There is no such organization.'));
  });

  it('verify holds the chain against a checkpoint, also when it has grown since', async () => {
    const id = await newOrganization(installation, 'kept');
    const file = await checkpointFile('kept');
    expect((await verify('kept', '--checkpoint', file)).code).to.equal(0);
    // Written anew from the last record on, with hashes that fit.
    const body = JSON.stringify({ ...JSON.parse(await bodyOf(id, 2)), requestId: 'canary' });
    for (const [table, more] of [
      ['audit_event', 'body = ?, '],
      ['audit_head', ''],
    ] as const) {
      await installation.sql(`UPDATE ${table} SET ${more}hash = ? WHERE organization_id = ? AND sequence = 2`, [
        ...(more ? [body] : []),
        hashBody(body),
        id,
      ]);
    }
    expect((await verify('kept')).code).to.equal(0);
    expect(await verify('kept', '--checkpoint', file)).to.deep.equal(
      broken('kept', 2, 'the record differs from the checkpoint'),
    );
  });

  it('verify notices that the database was set back to before a checkpoint', async () => {
    const id = await newOrganization(installation, 'shorter');
    const file = await checkpointFile('shorter');
    const [first] = await installation.sql('SELECT hash FROM audit_event WHERE organization_id = ? AND sequence = 1', [
      id,
    ]);
    await installation.sql('DELETE FROM audit_event WHERE organization_id = ? AND sequence = 2', [id]);
    await installation.sql('UPDATE audit_head SET sequence = 1, hash = ? WHERE organization_id = ?', [first?.hash, id]);
    expect((await verify('shorter')).code).to.equal(0);
    expect(await verify('shorter', '--checkpoint', file)).to.deep.equal(
      broken('shorter', 2, 'the chain ends before the checkpoint'),
    );
  });

  it('verify notices that an organization of the checkpoint is gone', async () => {
    const own = await prepared();
    try {
      const id = await newOrganization(own, 'gone');
      const file = join(own.folder, 'checkpoint.json');
      writeFileSync(file, (await own.run(['audit', 'checkpoint'])).stdout);
      await own.sql('DELETE FROM organization WHERE id = ?', [id]);
      const { code, stdout } = await own.run(['audit', 'verify', '--checkpoint', file]);
      expect({ code, gone: stdout.split('\n')[1] }).to.deep.equal({
        code: 1,
        gone: `${id}: broken at record 1: the organization of the checkpoint is missing`,
      });
    } finally {
      await own.remove();
    }
  });

  it('verify takes no checkpoint that was changed, is of another installation, or is none', async () => {
    const file = await checkpointFile('forged');
    const forged = readFileSync(file, 'utf8').replace(/"sequence": (\d+)/, (_, sequence) => `"sequence": ${sequence}1`);
    const other = await Installation.make();
    try {
      await other.run(['keys', 'init']);
      const writer = {
        NIGHTSAFE_WRITER_KEY_FILE: other.file('keys/writer.key'),
        NIGHTSAFE_WRITER_PUBLIC_KEY_FILE: other.file('keys/writer.pub'),
      };
      const foreign = await installation.run(['audit', 'checkpoint'], writer);
      const path = join(installation.folder, 'untrusted.json');
      for (const text of [forged, foreign.stdout, 'canary', '']) {
        writeFileSync(path, text);
        expect(await verify('acme', '--checkpoint', path)).to.deep.equal(
          refusal('The checkpoint file was not signed by the writer of this installation.'),
        );
      }
      writeFileSync(path, foreign.stdout);
      expect(
        (await installation.run(['audit', 'verify', '--organization', 'acme', '--checkpoint', path], writer)).code,
      ).to.equal(0);
    } finally {
      await other.remove();
    }
  });

  it('verify says so when the checkpoint file is not there', async () => {
    expect(await verify('acme', '--checkpoint', join(installation.folder, 'canary'))).to.deep.equal(
      refusal('There is no checkpoint file of this name.'),
    );
  });

  async function bodyOf(id: string, sequence: number): Promise<string> {
    const [row] = await installation.sql('SELECT body FROM audit_event WHERE organization_id = ? AND sequence = ?', [
      id,
      sequence,
    ]);
    return String(row?.body);
  }
});
