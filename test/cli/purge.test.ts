import { expect } from 'chai';
import { ask, Installation } from '../start/installation.js';

const deletion = 'mutation ($input: DeleteSecretKeyInput!) { deleteSecretKey(input: $input) { deletedId } }';

describe('nightsafe purge', () => {
  let installation: Installation;
  before(async () => {
    installation = await Installation.make();
    await installation.run(['keys', 'init']);
  });
  after(() => installation.remove());

  const purge = (days: string) => installation.run(['purge'], { NIGHTSAFE_RETENTION_DAYS: days });
  const printed = (stdout: string) => ({ code: 0, signal: null, stdout, stderr: '' });
  const valuesOf = (id: string) =>
    installation.sql('SELECT value_version FROM sealed_value WHERE secret_key_id = ?', [id]);

  it('erases a deleted key and its value once the retention time is over, and the history stays', async () => {
    const { port } = await installation.begin(['api']).serving('api');
    const token = (await installation.run(['token', '--as', 'alice'])).stdout.trim();
    const [key] = await installation.sql("SELECT id FROM secret_key WHERE name = 'Weather API'");
    const id = String(key?.id);
    expect(await ask(port, token, deletion, { input: { id } })).to.deep.equal({
      status: 200,
      body: { data: { deleteSecretKey: { deletedId: id } } },
    });

    expect(await purge('1')).to.deep.equal(printed('0 keys erased\n'));
    expect(await valuesOf(id)).to.have.length(1);
    expect(await purge('0')).to.deep.equal(printed('1 key erased\n'));
    expect(await valuesOf(id)).to.deep.equal([]);
    expect(await installation.sql('SELECT id FROM secret_key WHERE id = ?', [id])).to.deep.equal([]);
    expect(await purge('0')).to.deep.equal(printed('0 keys erased\n'));
    const events = await installation.sql('SELECT type FROM audit_event WHERE subject_id = ? ORDER BY sequence', [id]);
    expect(events).to.deep.equal([
      { type: 'secretKey.created' },
      { type: 'secretKey.deleted' },
      { type: 'secretKey.purged' },
    ]);
    expect((await installation.run(['audit', 'verify'])).code).to.equal(0);
  });
});
