/** Code that means harm: whatever it does ends within its limits, shows nothing of the runner, and leaves a sandbox that works. */
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { createLogger } from '../../../src/log.js';
import type { HostCall } from '../../../src/runner/sandbox/host-call.js';
import type { SandboxOutcome } from '../../../src/runner/sandbox/outcome.js';
import { SandboxPool } from '../../../src/runner/sandbox/sandbox-pool.js';

const log = createLogger({ level: 'silent', pretty: false });

describe('hostile code', () => {
  let pool: SandboxPool;
  let calls: HostCall[];

  before(async () => {
    pool = await SandboxPool.start({
      size: 1,
      bubblewrap: 'auto',
      limits: { cpuMs: 300, wallMs: 5_000, memoryBytes: 32 * 1024 * 1024, resultBytes: 64 * 1024, logLines: 50 },
      log,
    });
  });
  after(() => pool.close());
  beforeEach(() => {
    calls = [];
  });

  const run = (code: string, variables = {}): Promise<SandboxOutcome> =>
    pool.run({
      organizationId: 'organization',
      code,
      variables,
      host: async (call) => {
        calls.push(call);
        return new Promise(() => undefined);
      },
      signal: new AbortController().signal,
    });

  /** How it ended, after a proof that the next run on the same pool works. */
  const endOf = async (code: string): Promise<string> => {
    const outcome = await run(code);
    expect(await run('return 1 + 1')).to.deep.equal({ kind: 'returned', output: 2, logs: [] });
    return outcome.kind === 'stopped' ? outcome.reason : outcome.kind;
  };

  for (const [name, code] of [
    ['a loop', 'for (;;) {}'],
    ['a loop that catches everything', 'for (;;) { try { for (;;) {} } catch {} }'],
    ['a loop of promises', 'const again = () => Promise.resolve().then(again); await again()'],
    ['a loop of microtasks', 'const again = () => queueMicrotask(again); again(); await new Promise(() => {})'],
    ['a regular expression', 'return /^(a+)+$/.test("a".repeat(60) + "b")'],
    ['a getter of what is returned', 'return { get a() { for (;;) {} } }'],
    ['a toJSON of what is returned', 'return { toJSON() { for (;;) {} } }'],
    ['a proxy that is returned', 'return new Proxy({}, { ownKeys() { for (;;) {} } })'],
    ['a sort', 'return [3, 1, 2].sort(() => { for (;;) {} })'],
    ['a finally', 'try { for (;;) {} } finally { for (;;) {} }'],
  ] as const) {
    it(`is stopped when it never ends: ${name}`, async () => {
      expect(await endOf(code)).to.be.oneOf(['CPU', 'MEMORY', 'CRASHED', 'WALL']);
    });
  }

  for (const [name, code] of [
    ['strings', 'let s = "x"; for (;;) s += s'],
    ['arrays', 'const all = []; for (;;) all.push(new Array(1e5).fill(1))'],
    ['buffers', 'const all = []; for (;;) all.push(new Uint8Array(1e6))'],
    ['promises', 'const all = []; for (;;) all.push(new Promise(() => {}))'],
    ['timers', 'for (;;) setTimeout(() => {}, 1e6)'],
    ['a map', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, {})'],
  ] as const) {
    it(`is stopped when it takes more memory than it may: ${name}`, async () => {
      const before = process.memoryUsage().rss;
      expect(await endOf(code)).to.be.oneOf(['MEMORY', 'CPU', 'CRASHED', 'threw', 'WALL']);
      expect(process.memoryUsage().rss - before, 'memory of the runner').to.be.lessThan(200 * 1024 * 1024);
    });
  }

  it('gets an error, or is stopped, when it recurses without end', async () => {
    expect(await endOf('const f = () => f() + 1; return f()')).to.be.oneOf(['threw', 'MEMORY', 'CRASHED']);
  });

  it('logs no more lines than it may', async () => {
    const outcome = await run('for (let i = 0; i < 1e4; i++) console.log(i); return 1');
    expect(outcome.kind).to.equal('returned');
    expect(outcome.logs.length).to.be.within(50, 51);
  });

  it('returns no more than it may', async () => {
    expect(await endOf('return "x".repeat(1e5)')).to.equal('RESULT_TOO_LARGE');
  });

  it('is stopped while it waits for what never comes', async () => {
    expect(await endOf('await fetch("https://example.com/")')).to.equal('WALL');
    expect(calls.map(({ name }) => name)).to.deep.equal(['fetch']);
  });

  it('gets no more calls under way than it may', async () => {
    const code = 'await Promise.all(Array.from({ length: 500 }, () => fetch("https://example.com/")))';
    expect(await endOf(code)).to.be.oneOf(['threw', 'HOST_CALLS', 'WALL']);
    expect(calls.length).to.be.lessThan(65);
  });

  const escapes = [
    'return this.constructor.constructor("return process")().version',
    'return (function () {}).constructor("return process.env")()',
    'return Object.getPrototypeOf(async function () {}).constructor("return process")()',
    'return fetch.constructor("return process")().pid',
    'return console.log.constructor.constructor("return globalThis.process")().pid',
    'return globalThis.process.env',
    'return require("node:fs").readFileSync("/etc/passwd", "utf8")',
    'return (await import("node:fs")).readFileSync("/etc/passwd", "utf8")',
    'return new Function("return process.pid")()',
    'return eval("process.pid")',
    'return new Error().stack.constructor.constructor("return process.pid")()',
    'return std.getenv("PATH")',
    'return os.readdir("/")',
    'return new WebAssembly.Module(new Uint8Array(8))',
    'return Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)',
  ];
  for (const code of escapes) {
    it(`finds no way out: ${code.slice(7)}`, async () => {
      const outcome = await run(code);
      if (outcome.kind === 'returned') expect(outcome.output).to.be.oneOf([null, 'timed-out', 'not-equal']);
      else expect(outcome.kind).to.equal('threw');
      expect(calls).to.deep.equal([]);
    });
  }

  it('does find one in node:vm, so that the attempts above are no straw men', () => {
    expect(runInNewContext('this.constructor.constructor("return process")().pid', { a: {} })).to.equal(process.pid);
  });

  it('leaves nothing to the next run: no global, no changed prototype', async () => {
    await run('globalThis.left = 1; Object.prototype.left = 2; Array.prototype.map = () => "stolen"; return 1');
    expect(await run('return [typeof left, typeof ({}).left, [1].map((n) => n + 1)[0]]')).to.deep.equal({
      kind: 'returned',
      output: ['undefined', 'undefined', 2],
      logs: [],
    });
  });
});
