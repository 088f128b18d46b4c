import { readFileSync, statSync } from 'node:fs';
import { expect } from 'chai';
import { loadPolicies } from '../../src/authz/index.js';
import { ask, eventually, get, Installation } from './installation.js';

const everyId = `SELECT 'organization' AS kind, id FROM organization UNION ALL SELECT 'grantee', id FROM grantee
  UNION ALL SELECT 'secret_key', id FROM secret_key UNION ALL SELECT 'audit_event', id FROM audit_event ORDER BY 1, 2`;

describe('nightsafe start', () => {
  let installation: Installation;
  beforeEach(async () => {
    installation = await Installation.make();
  });
  afterEach(() => installation.remove());

  const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

  it('makes a home for its user alone, keys and the demo organization, and says where it is open', async () => {
    const { running, api, runner } = await installation.start();
    const privateFiles = ['keys/root.key', 'keys/writer.key', 'demo-signing-key.json'];
    expect(modeOf(installation.home)).to.equal('700');
    expect(modeOf(installation.file('keys'))).to.equal('700');
    expect(privateFiles.map((name) => modeOf(installation.file(name)))).to.deep.equal(['600', '600', '600']);
    expect(new Set([running.pid, api.pid, runner.pid]).size).to.equal(3);
    expect(running.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('{'))).to.deep.equal([
      `Nightsafe is open at http://127.0.0.1:${api.port}/graphql`,
      'Get a token of the demo organization with: npx nightsafe token --as bob',
    ]);
    expect(await installation.sql('SELECT name FROM secret_key ORDER BY name')).to.deep.equal([
      { name: 'Deployment token' },
      { name: 'Newsletter service' },
      { name: 'Ticket system' },
      { name: 'Weather API' },
      { name: 'Webhook signing key' },
    ]);
    const ready = await get(runner.port, '/readyz');
    // How many layers there are around code depends on the machine.
    const { sandbox } = (ready.body as { checks: { sandbox: string[] } }).checks;
    expect(sandbox.slice(0, 3)).to.deep.equal(['wasm', 'process', 'node-permissions']);
    expect(ready).to.deep.equal({
      status: 200,
      body: {
        status: 'ok',
        checks: { database: 'ok', queue: 'ok', sandbox },
        policyVersion: loadPolicies('policies').version,
        activeRuns: 0,
      },
    });
    expect(await get(runner.port, '/healthz')).to.deep.equal({ status: 200, body: { status: 'ok', checks: {} } });
    expect(await get(runner.port, '/graphql')).to.deep.equal({ status: 404, body: { status: 'not found' } });
    expect(await get(api.port, '/readyz')).to.deep.equal({
      status: 200,
      body: {
        status: 'ok',
        checks: { database: 'ok', policies: 'ok' },
        policyVersion: loadPolicies('policies').version,
      },
    });
    expect(await running.stop()).to.include({ code: 0, signal: null, stderr: '' });
  });

  it('finds everything as it was when it starts again, and seeds nothing twice', async () => {
    await (await installation.start()).running.stop();
    const keyFiles = ['keys/root.key', 'keys/root.pub', 'keys/writer.key', 'keys/writer.pub', 'demo-signing-key.json'];
    const readKeys = () => keyFiles.map((name) => readFileSync(installation.file(name), 'utf8'));
    const before = { ids: await installation.sql(everyId), keys: readKeys() };
    const { running, api } = await installation.start();
    const { stdout: bearer } = await installation.run(['token', '--as', 'bob']);
    expect(await ask(api.port, bearer.trim(), '{ viewer { name organization { name } } }')).to.deep.equal({
      status: 200,
      body: { data: { viewer: { name: 'Bob', organization: { name: 'Acme' } } } },
    });
    await running.stop();
    expect({ ids: await installation.sql(everyId), keys: readKeys() }).to.deep.equal(before);
    expect(before.ids.length).to.be.greaterThan(10);
  });

  it('leaves an empty database empty, and makes no demo keys, when the demo is off', async () => {
    const { running, api } = await installation.start({ NIGHTSAFE_DEMO: '0' });
    expect(await installation.sql(everyId)).to.deep.equal([]);
    expect(() => statSync(installation.file('demo-signing-key.json'))).to.throw('ENOENT');
    expect(running.stdout).to.include(`Nightsafe is open at http://127.0.0.1:${api.port}/graphql\n\n`);
    expect(running.stdout).not.to.include('token');
  });

  it('takes no demo token when the demo is off, also where the demo organization is still there', async () => {
    const first = await installation.start();
    const { stdout: bearer } = await installation.run(['token', '--as', 'alice']);
    await first.running.stop();
    const { api } = await installation.start({ NIGHTSAFE_DEMO: '0' });
    expect(await ask(api.port, bearer.trim(), '{ viewer { name } }')).to.deep.equal({
      status: 401,
      body: {
        errors: [{ message: 'The bearer token is not valid.', extensions: { code: 'UNAUTHENTICATED' } }],
      },
    });
  });

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    for (const role of ['api', 'runner'] as const) {
      it(`ends as a whole, with a sentence and exit code 1, when the ${role} gets ${signal}`, async () => {
        const { running, ...processes } = await installation.start();
        process.kill(processes[role].pid, signal);
        const how = signal === 'SIGKILL' ? ' by SIGKILL' : '';
        expect(await running.ended).to.deep.include({
          code: 1,
          signal: null,
          stderr: `nightsafe: the ${role} was ended${how}, so everything stops.\n`,
        });
      });
    }
  }

  it('leaves no process behind when it is killed: api and runner notice, and stop cleanly', async () => {
    const { running, api, runner } = await installation.start();
    process.kill(running.pid, 'SIGKILL');
    expect(await running.ended).to.include({ code: null, signal: 'SIGKILL', stderr: '' });
    const stopping = running.log.filter(({ msg }) => msg === 'stopping').map(({ pid }) => pid);
    expect(stopping.sort()).to.deep.equal([api.pid, runner.pid].sort());
  });

  it('leaves no process behind when it is killed while the api is still starting', async () => {
    const running = installation.begin(['start']);
    await running.until(() => statSync(installation.file('demo-public-keys.json'), { throwIfNoEntry: false }));
    const isStarted = () => running.stdout.includes('is listening');
    // The keys are there, so the next process is the api.
    await eventually(() => childrenOf(running.pid).some((command) => command.endsWith(' api')) || isStarted());
    process.kill(running.pid, 'SIGKILL');
    expect(await running.ended).to.include({ code: null, signal: 'SIGKILL' });
  });
});

/** The command lines of a process's children. */
function childrenOf(pid: number): string[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return children.map((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').replaceAll('\0', ' ').trim());
}
