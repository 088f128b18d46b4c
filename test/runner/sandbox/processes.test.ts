/** The children of a sandbox: what they can reach, when they are replaced, and that none is left. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { OperatorError } from '../../../src/operator-error.js';
import type { HostCall } from '../../../src/runner/sandbox/host-call.js';
import type { Bubblewrap } from '../../../src/runner/sandbox/launch.js';
import type { SandboxOutcome } from '../../../src/runner/sandbox/outcome.js';
import type { SandboxPool } from '../../../src/runner/sandbox/sandbox-pool.js';
import { jobOf, log, processes, returned, sandboxesOf, startPool, stopped } from './sandbox.js';

/** Executes until it is killed: the engine is never interrupted in it. */
const endless = 'return "a".repeat(2e7).indexOf("a".repeat(1e7) + "b")';

const own = (): number[] => sandboxesOf(process.pid).map(({ pid }) => pid);

async function eventually(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

/** The only child that executes: the others wait, so their processor time stands still. */
async function pidOfRun(pool: SandboxPool, code: string): Promise<{ pid: number; outcome: Promise<SandboxOutcome> }> {
  let isCalled: () => void = () => {};
  const called = new Promise<void>((resolve) => {
    isCalled = resolve;
  });
  const before = new Set(own());
  const host = async (): Promise<null> => {
    isCalled();
    return null;
  };
  const outcome = pool.run(jobOf(`await basicAuth('a', 'b'); ${code}`, { host }));
  await called;
  // The run has taken the one child that was there; the other one was started when it began.
  const [pid] = own().filter((candidate) => before.has(candidate));
  if (pid === undefined) throw new Error('no child runs');
  return { pid, outcome };
}

const platforms: readonly Bubblewrap[] = ['auto', 'off'];

describe('the processes of a sandbox', () => {
  before(function () {
    // They are looked up in /proc.
    if (process.platform !== 'linux') this.skip();
  });

  for (const bubblewrap of platforms) {
    describe(`with bubblewrap: ${bubblewrap}`, () => {
      let pool: SandboxPool;
      beforeEach(async () => {
        pool = await startPool({ runsPerChild: 3 }, { bubblewrap });
        await eventually(() => own().length === 1);
      });
      afterEach(async () => {
        await pool.close();
        expect(own()).to.deep.equal([]);
      });

      it('say a run has crashed when its child is killed, and the next one works', async () => {
        const { pid, outcome } = await pidOfRun(pool, 'await new Promise((done) => setTimeout(done, 20_000))');
        process.kill(pid, 'SIGKILL');
        expect(await outcome).to.deep.equal(stopped('CRASHED'));
        expect(await pool.run(jobOf('return 1'))).to.deep.equal(returned(1));
      });

      it('end when the pool is closed, even in the middle of code that is never interrupted', async () => {
        const { outcome } = await pidOfRun(pool, endless);
        await pool.close();
        expect(await outcome).to.deep.equal(stopped('CANCELLED'));
        expect(own()).to.deep.equal([]);
        expect(await pool.run(jobOf('return 1'))).to.deep.equal(stopped('CANCELLED'));
      });

      it('are none of another organization’s, and are replaced after so many runs', async () => {
        const seen: number[] = [];
        const numbers = (): string => {
          const pids = own();
          seen.push(...pids.filter((pid) => !seen.includes(pid)));
          return String(pids.map((pid) => seen.indexOf(pid) + 1).sort((a, b) => a - b));
        };
        // After each run: the child that is kept for its organization, until its third run, and the one that is ready for any.
        for (const [organizationId, expected] of [
          ['a', '1,2'],
          ['a', '1,2'],
          ['b', '2,3'],
          ['a', '3,4'],
          ['a', '3,4'],
          ['a', '4'],
        ] as const) {
          expect(await pool.run(jobOf('return 1', { organizationId }))).to.deep.equal(returned(1));
          await eventually(() => numbers() === expected);
        }
      });

      it('leave no run waiting when more are asked for than run at a time', async () => {
        const organizations = ['a', 'b', 'c', 'a', 'b', 'c'];
        const outcomes = await Promise.all(
          organizations.map((organizationId, index) => pool.run(jobOf(`return ${index}`, { organizationId }))),
        );
        expect(outcomes).to.deep.equal(organizations.map((_, index) => returned(index)));
      });

      it('are told to stop by the signal of the job, before its turn and while it runs', async () => {
        const controller = new AbortController();
        const { signal } = controller;
        const running = pool.run(jobOf('await new Promise((done) => setTimeout(done, 20_000))', { signal }));
        const waiting = pool.run(jobOf('return 1', { signal }));
        controller.abort();
        expect(await Promise.all([running, waiting])).to.deep.equal([stopped('CANCELLED'), stopped('CANCELLED')]);
        expect(await pool.run(jobOf('return 1', { signal }))).to.deep.equal(stopped('CANCELLED'));
        expect(await pool.run(jobOf('return 1'))).to.deep.equal(returned(1));
      });
    });

    it(`end when their parent is killed, even in the middle of code that is never interrupted (bubblewrap: ${bubblewrap})`, async () => {
      const parent = spawn(
        process.execPath,
        [
          '--input-type=module',
          '--eval',
          `import { SandboxPool } from ${JSON.stringify(new URL('../../../src/runner/sandbox/sandbox-pool.js', import.meta.url).href)};
           const log = { info() {}, warn() {}, error() {} };
           const pool = await SandboxPool.start({ size: 1, bubblewrap: ${JSON.stringify(bubblewrap)}, limits: { cpuMs: 60_000, wallMs: 600_000 }, log });
           const host = async () => { console.log('runs'); return null; };
           const code = ${JSON.stringify(`await basicAuth('a', 'b'); ${endless}`)};
           await pool.run({ organizationId: 'a', code, variables: {}, host, signal: new AbortController().signal });`,
        ],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      await once(parent.stdout, 'data');
      const children = sandboxesOf(parent.pid ?? 0).map(({ pid }) => pid);
      expect(children.length).to.be.within(1, 2);
      parent.kill('SIGKILL');
      await eventually(() => processes().every(({ pid }) => !children.includes(pid)));
    });
  }

  for (const bubblewrap of platforms) {
    it(`say everything, and in its order, to a parent that does not listen for a while (bubblewrap: ${bubblewrap})`, async () => {
      const pool = await startPool({ cpuMs: 10_000 }, { bubblewrap });
      const lengths: number[] = [];
      const host = async (call: HostCall): Promise<string> => {
        lengths.push(JSON.stringify(call.argument).length);
        // The pipe fills meanwhile, and the child's next words meet a full one.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
        return 'y'.repeat(700_000);
      };
      const lines = Array.from({ length: 400 }, (_, index) => `${index}`.padEnd(8000, 'a'));
      const code = `const asked = [basicAuth('a', 'b')];
        for (let i = 0; i < 400; i++) console.log(String(i).padEnd(8000, 'a'));
        for (let i = 0; i < 5; i++) asked.push(basicAuth('x'.repeat(900_000), ''));
        return (await Promise.all(asked)).map((text) => text.length);`;
      const outcome = await pool.run(jobOf(code, { host }));
      expect(outcome).to.deep.equal(
        returned(
          Array(6).fill(700_000),
          lines.map((text) => ({ level: 'log', text })),
        ),
      );
      expect(lengths).to.deep.equal([27, ...Array(5).fill(900_025)]);
      await pool.close();
    });
  }

  it('hold no memory of the runs that are over', async () => {
    const pool = await startPool();
    const code =
      'const all = []; try { for (;;) all.push(new Uint8Array(4e6).fill(1)) } catch {} return all.length > 5';
    for (let run = 0; run < 20; run += 1) expect(await pool.run(jobOf(code))).to.deep.equal(returned(true));
    for (const { pid, mebibytes } of sandboxesOf(process.pid)) expect(mebibytes, `process ${pid}`).to.be.lessThan(400);
    await pool.close();
  });

  it('have an empty environment', async () => {
    const pool = await startPool({}, { bubblewrap: 'off' });
    const environments = own().map((pid) => readFileSync(`/proc/${pid}/environ`, 'utf8'));
    expect(environments).to.deep.equal(['']);
    expect(pool.layers).to.deep.equal(['wasm', 'process', 'node-permissions']);
    await pool.close();
  });

  it('have inside of bubblewrap no network, no processes beside them, and no files but their own', async function () {
    const pool = await startPool();
    if (!pool.layers.includes('bubblewrap')) {
      await pool.close();
      expect(process.env.TEST_BUBBLEWRAP, 'bubblewrap works here, and does not start a child').to.equal(undefined);
      this.skip();
    }
    expect(pool.layers).to.deep.equal(['wasm', 'process', 'node-permissions', 'bubblewrap', 'no-network-namespace']);
    const [pid] = own();
    const shared = ['net', 'pid', 'mnt', 'ipc', 'uts', 'user'].filter(
      (namespace) => readlinkSync(`/proc/${pid}/ns/${namespace}`) === readlinkSync(`/proc/self/ns/${namespace}`),
    );
    expect(shared).to.deep.equal([]);
    expect(readFileSync(`/proc/${pid}/net/dev`, 'utf8').match(/\w+(?=:)/g)).to.deep.equal(['lo']);
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).to.equal('PWD=/\0');
    const reachable = ['etc/passwd', 'proc', 'bin', 'dev'].filter((path) => existsSync(`/proc/${pid}/root/${path}`));
    expect(reachable).to.deep.equal([]);
    await pool.close();
  });

  it('are not started without bubblewrap where it is required', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nonexistent';
    try {
      const error = await startPool({}, { bubblewrap: 'require' }).catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(OperatorError);
      expect(String(error)).to.match(/cannot start inside of bubblewrap, which is required/);
      const pool = await startPool({}, { bubblewrap: 'auto' });
      expect(pool.layers).not.to.include('bubblewrap');
      expect(await pool.run(jobOf('return 1'))).to.deep.equal(returned(1));
      await pool.close();
    } finally {
      process.env.PATH = path;
    }
  });

  it('are not given code or variables that are refused', async () => {
    const pool = await startPool({ codeBytes: 10 }, { log });
    const refusal = (job: Parameters<SandboxPool['run']>[0]): Promise<unknown> =>
      pool.run(job).catch((error) => String(error));
    expect(await refusal(jobOf('return 12345'))).to.equal('RangeError: code has at most 10 bytes in UTF-8.');
    expect(await refusal(jobOf('', { variables: { 'a b': 1 } }))).to.match(/^TypeError: variables: a name is not/);
    await pool.close();
  });
});
