import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadPolicies } from '../../src/authz/index.js';
import { ask, eventually, get, Installation } from '../start/installation.js';

describe('changed policies', () => {
  let installation: Installation;
  let folder: string;
  beforeEach(async () => {
    installation = await Installation.make();
    folder = installation.makeFolder('policies');
    cpSync('policies', folder, { recursive: true });
    await installation.run(['keys', 'init']);
  });
  afterEach(() => installation.remove());

  const file = (): string => join(folder, 'rules', 'group.yaml');
  /** Says the same about everyone, in other words. */
  const reword = (): string => {
    writeFileSync(file(), readFileSync(file(), 'utf8').replace(/^ {2}why: /m, '$&In other words, '));
    return loadPolicies(folder).version;
  };
  const spoil = (): void =>
    writeFileSync(file(), readFileSync(file(), 'utf8').replaceAll('to: [admin', 'to: [auditor, admin'));
  const checks = { database: 'ok', policies: 'ok' };
  const ready = (policyVersion: string) => ({ status: 200, body: { status: 'ok', checks, policyVersion } });
  const refused = (policyVersion: string) => ({
    status: 200,
    body: { status: 'ok', checks, policyVersion, policyReload: 'refused' },
  });
  const becomes = (port: number, answer: object): Promise<void> =>
    eventually(async () => JSON.stringify(await get(port, '/readyz')) === JSON.stringify(answer));

  it('decide from SIGHUP on when they are right; otherwise the former ones do, which /readyz and the log say', async () => {
    const api = installation.begin(['api'], { NIGHTSAFE_POLICIES: folder });
    const { port } = await api.serving('api');
    const token = (await installation.run(['token', '--as', 'alice'])).stdout.trim();
    const viewed = async () => (await ask(port, token, '{ viewer { policyVersion } }')).body;
    const former = loadPolicies(folder).version;
    expect(await get(port, '/readyz')).to.deep.equal(ready(former));

    const version = reword();
    api.child.kill('SIGHUP');
    await becomes(port, ready(version));
    expect(await viewed()).to.deep.equal({ data: { viewer: { policyVersion: version } } });

    const right = readFileSync(file(), 'utf8');
    spoil();
    api.child.kill('SIGHUP');
    await becomes(port, refused(version));
    expect(await viewed()).to.deep.equal({ data: { viewer: { policyVersion: version } } });
    expect(api.log.filter(({ msg }) => msg === 'changed policies are refused')).to.have.length(1);

    writeFileSync(file(), right);
    api.child.kill('SIGHUP');
    await becomes(port, ready(version));
    expect(await api.stop()).to.include({ code: 0, signal: null, stderr: '' });
  });

  it('are taken up through `start`, whose processes all live on', async () => {
    const { running, api, runner } = await installation.start({ NIGHTSAFE_POLICIES: folder });
    const version = reword();
    running.child.kill('SIGHUP');
    await becomes(api.port, ready(version));
    expect((await get(runner.port, '/healthz')).status).to.equal(200);
    expect(await running.stop()).to.include({ code: 0, signal: null, stderr: '' });
  });

  it('are taken up without a signal where the folder is watched', async () => {
    const api = installation.begin(['api'], { NIGHTSAFE_POLICIES: folder, NIGHTSAFE_POLICY_WATCH: '1' });
    const { port } = await api.serving('api');
    await becomes(port, ready(reword()));
    expect(await api.stop()).to.include({ code: 0, signal: null, stderr: '' });
  });
});
