/** What each process of `start` can reach, as the kernel tells it. Linux alone tells it under /proc. */
import { readdirSync, readFileSync, readlinkSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'chai';
import { ask, eventually, get, Installation, refusal } from './installation.js';

const environmentOf = (pid: number): string[] => readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');

function openFilesOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).flatMap((fd) => {
    try {
      return [readlinkSync(join(folder, fd))];
    } catch {
      return []; // closed meanwhile
    }
  });
}

/** The TCP ports on which a process listens. */
function listeningPorts(pid: number): number[] {
  const sockets = new Set(openFilesOf(pid));
  const rows = ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8').split('\n').slice(1),
  );
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , , state, , , , , , inode]) => state === '0A' && sockets.has(`socket:[${inode}]`))
    .map(([, local = '']) => Number.parseInt(local.split(':')[1] ?? '', 16));
}

const coreLimitOf = (pid: number): string | undefined =>
  /^Max core file size +(\S+) +(\S+)/m
    .exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))
    ?.slice(1)
    .join(' ');

(process.platform === 'linux' ? describe : describe.skip)('the processes of nightsafe start', () => {
  let installation: Installation;
  beforeEach(async () => {
    installation = await Installation.make();
  });
  afterEach(() => installation.remove());

  it('know only the places of their own keys, and take no options of Node.js', async () => {
    const keyFile = (name: string) => join(installation.folder, 'elsewhere', name);
    const { api, runner } = await installation.start({
      NIGHTSAFE_ROOT_KEY_FILE: keyFile('root-canary'),
      NIGHTSAFE_WRITER_KEY_FILE: keyFile('writer-canary'),
      NODE_OPTIONS: '--no-warnings',
    });
    const notable = (pid: number) => environmentOf(pid).filter((entry) => /canary|NODE_OPTIONS/.test(entry));
    expect(notable(api.pid)).to.deep.equal([`NIGHTSAFE_WRITER_KEY_FILE=${keyFile('writer-canary')}`]);
    expect(notable(runner.pid)).to.deep.equal([`NIGHTSAFE_ROOT_KEY_FILE=${keyFile('root-canary')}`]);
  });

  /** What must hold of a process at every moment. */
  function expectNoKeyFileOpen({ pid }: { readonly pid: number }): void {
    const files = openFilesOf(pid);
    expect(files.filter((path) => /\/keys\/|\.key$|signing-key/.test(path))).to.deep.equal([]);
    expect(files.length).to.be.greaterThan(5);
    expect(coreLimitOf(pid)).to.equal('0 0');
  }

  it('keep no key file open, and can write no core dump', async () => {
    const { api, runner } = await installation.start();
    for (const process of [api, runner]) expectNoKeyFileOpen(process);
  });

  it('are as far apart while runs use a key: only the runner’s connections and its sandboxes are new', async () => {
    const waiting: ServerResponse[] = [];
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      waiting.push(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      const keyFile = (name: string) => join(installation.folder, 'elsewhere', name);
      const { api, runner } = await installation.start({
        NIGHTSAFE_PRIVATE_HOSTS: host,
        NIGHTSAFE_ROOT_KEY_FILE: keyFile('root-canary'),
        NIGHTSAFE_WRITER_KEY_FILE: keyFile('writer-canary'),
      });
      const before = [api, runner].map(({ pid }) => environmentOf(pid));
      const { stdout: bearer } = await installation.run(['token', '--as', 'bob']);
      const canary = 'not-a-real-secret-canary-in-use';
      const bob = async (query: string, input: object) => {
        const { body } = await ask(api.port, bearer.trim(), query, { input });
        const { data, errors } = body as { data: Record<string, Record<string, { id: string }>>; errors?: unknown };
        expect(errors).to.equal(undefined);
        return Object.values(Object.values(data)[0] ?? {})[0]?.id;
      };
      const keyId = await bob(
        'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
        { name: 'In use', value: canary, allowedHosts: [`http://${host}`], uses: ['SEND_API_REQUEST', 'RUN_CODE'] },
      );
      const key = `{{ secretKey:${keyId} }}`;
      const send = { name: 'send', method: 'GET', url: `http://${host}/` };
      const code = `await fetch('http://${host}/', { headers: { authorization: KEY } })`;
      for (const step of [
        { sendApiRequest: { ...send, headers: [{ name: 'Authorization', value: key }] } },
        { runCode: { name: 'code', code, variables: [{ name: 'KEY', value: key }] } },
      ]) {
        await bob('mutation ($input: TestActionInput!) { testAction(input: $input) { run { id } } }', { step });
      }
      await eventually(() => waiting.length === 2);
      expect(seen).to.deep.equal([canary, canary]);

      for (const process of [api, runner]) expectNoKeyFileOpen(process);
      expect([api, runner].map(({ pid }) => environmentOf(pid))).to.deep.equal(before);
      expect([api, runner].map(({ pid }) => listeningPorts(pid))).to.deep.equal([[api.port], [runner.port]]);
      const commands = readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .flatMap((pid) => {
          try {
            return [`${readFileSync(`/proc/${pid}/cmdline`, 'utf8')}${readFileSync(`/proc/${pid}/environ`, 'utf8')}`];
          } catch {
            return []; // another user's, or ended meanwhile
          }
        });
      expect(commands.filter((text) => text.includes(canary))).to.deep.equal([]);
      for (const response of waiting) response.end();
      await eventually(
        async () => (await installation.sql("SELECT id FROM workflow_run WHERE state = 'SUCCEEDED'")).length === 2,
      );
      for (const process of [api, runner]) expectNoKeyFileOpen(process);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('open no inspector on SIGUSR1', async () => {
    const { running, api, runner } = await installation.start();
    const pids = [running.pid, api.pid, runner.pid];
    const before = pids.map(listeningPorts);
    expect(before).to.deep.equal([[], [api.port], [runner.port]]);
    for (const pid of pids) process.kill(pid, 'SIGUSR1');
    // A signal that was answered is no longer pending; a request after it is answered by the same event loop.
    const isPending = (pid: number) => !/^SigPnd:\t0+$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    await eventually(() => !pids.some(isPending));
    for (let round = 0; round < 20; round += 1) for (const { port } of [api, runner]) await get(port, '/readyz');
    expect(pids.map(listeningPorts)).to.deep.equal(before);
    expect(running.stderr).to.equal('');
  });

  it('do not include a runner with an inspector', async () => {
    const { code, stdout, stderr } = await installation.run(['runner'], {}, ['--inspect=0']);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    expect(stderr).to.match(
      /\nnightsafe: The runner does not start with an inspector, through which its keys could be read\.\n$/,
    );
  });

  it('let the api start, seal and stop where there is no root private key at all', async () => {
    await installation.run(['keys', 'init']);
    renameSync(installation.file('keys/root.key'), join(installation.folder, 'root.key'));
    const running = installation.begin(['api']);
    await running.serving('api');
    expect(await installation.sql('SELECT secret_key_id FROM sealed_value')).to.have.length(5);
    expect(await running.stop()).to.include({ code: 0, stderr: '' });
    expect(await installation.run(['runner'])).to.deep.equal(
      refusal(
        `${installation.file('keys/root.key')} does not exist. If it is a key, \`nightsafe keys init\` makes it.`,
      ),
    );
  });

  it('end on an error that nothing handles, and print nothing of its text or properties', async () => {
    await installation.run(['keys', 'init']);
    const canary = 'not-a-real-secret-canary';
    const module = join(installation.folder, 'failing.mjs');
    writeFileSync(
      module,
      `process.on('SIGUSR2', () => {
         throw Object.assign(new Error('${canary}'), { parameters: ['${canary}'] });
       });`,
    );
    const running = installation.begin(['api'], {}, ['--import', module]);
    const { pid } = await running.serving('api');
    process.kill(pid, 'SIGUSR2');
    const ended = await running.ended;
    expect(ended).to.include({ code: 1, signal: null, stderr: '' });
    expect(ended.stdout).to.include('an error that nothing handles').and.not.include(canary);
  });
});
