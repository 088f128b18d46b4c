import { expect } from 'chai';
import { Installation } from '../start/installation.js';

const all = 'SELECT * FROM secret_key_access ORDER BY organization_id, secret_key_id, grantee_id';

describe('nightsafe access verify', () => {
  let installation: Installation;
  beforeEach(async () => {
    installation = await Installation.make();
    await installation.run(['keys', 'init']);
    const api = installation.begin(['api']);
    await api.serving('api');
    await api.stop();
  });
  afterEach(() => installation.remove());

  const verify = (...options: string[]) => installation.run(['access', 'verify', ...options]);
  const printed = (code: number, stdout: string) => ({ code, signal: null, stdout, stderr: '' });

  it('finds that the lists match the grants', async () => {
    expect(await verify()).to.deep.equal(printed(0, 'acme: the lists match the grants\n'));
    expect(await verify('--json')).to.deep.equal(printed(0, '[{"slug":"acme","differing":[],"repaired":false}]\n'));
  });

  it('counts the keys whose rows were removed, changed or added, and repairs them only when told to', async () => {
    const before = await installation.sql(all);
    const keys = await installation.sql('SELECT id, organization_id FROM secret_key ORDER BY id');
    const [removed, changed, added] = keys.map(({ id }) => String(id));
    await installation.sql('DELETE FROM secret_key_access WHERE secret_key_id = ?', [removed]);
    await installation.sql("UPDATE secret_key_access SET name_key = 'canary' WHERE secret_key_id = ?", [changed]);
    const [row] = before.filter(({ secret_key_id }) => secret_key_id === added);
    const intruder = { ...row, grantee_id: '00000000-0000-7000-8000-000000000000' };
    await installation.sql(
      `INSERT INTO secret_key_access (${Object.keys(intruder).join(', ')}) VALUES (${Object.keys(intruder).map(() => '?')})`,
      Object.values(intruder),
    );
    const tampered = await installation.sql(all);

    expect(await verify()).to.deep.equal(printed(1, 'acme: 3 keys differ\n'));
    const json = await verify('--json');
    expect({ code: json.code, reports: JSON.parse(json.stdout) }).to.deep.equal({
      code: 1,
      reports: [{ slug: 'acme', differing: [removed, changed, added].sort(), repaired: false }],
    });
    expect(await installation.sql(all)).to.deep.equal(tampered);

    expect(await verify('--repair')).to.deep.equal(printed(0, 'acme: 3 keys differ, repaired\n'));
    expect(await installation.sql(all)).to.deep.equal(before);
    expect(await verify()).to.deep.equal(printed(0, 'acme: the lists match the grants\n'));
  });
});
