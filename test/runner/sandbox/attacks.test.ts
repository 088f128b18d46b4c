/** Code that means harm: whatever it does ends within its limits, shows nothing of the runner, and leaves a sandbox that works. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import type { HostCall } from '../../../src/runner/sandbox/host-call.js';
import type { SandboxOutcome } from '../../../src/runner/sandbox/outcome.js';
import type { SandboxPool } from '../../../src/runner/sandbox/sandbox-pool.js';
import { jobOf, returned, sandboxesOf, startPool, stopped } from './sandbox.js';

const mebibyte = 1024 * 1024;
const limits = { cpuMs: 200, wallMs: 6000, memoryBytes: 32 * mebibyte, resultBytes: 64 * 1024, logLines: 50 };

/** Either is right for code that takes memory as fast as it can: which limit it meets first depends on the machine. */
const memoryOrCpu = ['MEMORY', 'CPU'];
const threw = (name: string, message: string): string => `${name}: ${message}`;
const tooDeep = threw('RangeError', 'Maximum call stack size exceeded');
const outOfMemory = threw('InternalError', 'out of memory');

/** Code that never ends. */
const loops = [
  ['a loop', 'for (;;) {}'],
  ['a loop that catches everything', 'for (;;) { try { for (;;) {} } catch {} }'],
  ['a finally', 'try { for (;;) {} } finally { for (;;) {} }'],
  ['a loop in an async function that others catch', 'for (;;) await (async () => { for (;;) {} })().catch(() => {})'],
  ['promises that settle each other', 'const again = () => Promise.resolve().then(again, again); await again()'],
  ['microtasks', 'const again = () => queueMicrotask(again); again(); await new Promise(() => {})'],
  ['an async generator', 'for await (const n of (async function* () { for (;;) yield 1 })()) {}'],
  ['a thenable', 'const t = { then(done) { done(t) } }; await t'],
  [
    'timers',
    'const again = () => { for (let i = 0; i < 1e5; i++); setTimeout(again) }; again(); await new Promise(() => {})',
  ],
  ['a regular expression', 'return /^(a+)+$/.test("a".repeat(60) + "b")'],
  ['a search in a list that is not there', 'return [].indexOf.call({ length: 2 ** 53 - 1 }, 1)'],
  ['a getter of what is returned', 'return { get a() { for (;;) {} } }'],
  ['a toJSON of what is returned', 'return { toJSON() { for (;;) {} } }'],
  ['a proxy that is returned', 'return new Proxy({}, { ownKeys() { for (;;) {} } })'],
  ['a message of what is thrown', 'throw Object.defineProperty(new Error(), "message", { get() { for (;;) {} } })'],
  ['what is logged', 'console.log({ get a() { for (;;) {} } })'],
  ['a comparison of a sort', 'return [3, 1, 2].sort(() => { for (;;) {} })'],
  [
    'what goes on after it has returned',
    'Promise.resolve().then(() => { for (;;) {} }); await null; await null; return 1',
  ],
  ['code in a string', 'return new Function("for (;;) {}")()'],
] as const;

/** Code that takes more than it may, and how that may end. */
const bombs = [
  ['a text', 'let s = "x"; for (;;) s += s', [outOfMemory, 'MEMORY', threw('InternalError', 'string too long')]],
  ['lists', 'const all = []; for (;;) all.push(new Array(1e5).fill(1))', memoryOrCpu],
  ['a long list', 'return new Array(1e9).fill(0)', memoryOrCpu],
  ['buffers', 'const all = []; for (;;) all.push(new Uint8Array(1e6))', memoryOrCpu],
  [
    'one buffer',
    'return new Uint8Array(2 ** 31).length',
    ['MEMORY', threw('RangeError', 'invalid array buffer length')],
  ],
  ['promises', 'const all = []; for (;;) all.push(new Promise(() => {}))', memoryOrCpu],
  ['timers', 'for (;;) setTimeout(() => {}, 1e6)', memoryOrCpu],
  ['a map', 'const m = new Map(); for (let i = 0; ; i++) m.set(i, {})', memoryOrCpu],
  [
    'URLs',
    'const all = []; for (;;) all.push(new URL("https://a.example/" + "x".repeat(6e4)))',
    [...memoryOrCpu, threw('TypeError', 'Invalid URL')],
  ],
  ['copies', 'let a = [1]; for (;;) a = structuredClone([a, a])', [...memoryOrCpu, tooDeep]],
  ['random bytes', 'const all = []; for (;;) all.push(crypto.getRandomValues(new Uint8Array(65536)))', memoryOrCpu],
  ['repeated text', 'return "x".repeat(2 ** 29)', ['MEMORY']],
  ['calls without end', 'const f = () => f() + 1; return f()', [tooDeep]],
  ['getters of getters', 'const o = { get a() { return this.a } }; return o.a', [tooDeep]],
  ['constructors of constructors', 'class A { constructor() { return new A() } } return new A()', [tooDeep]],
  ['deep JSON', 'return JSON.parse("[".repeat(1e6))', [tooDeep]],
  ['deep code', 'return eval("(".repeat(1e5))', [tooDeep]],
  ['a deep output', 'let a = []; for (let i = 0; i < 1000; i++) a = [a]; return a', ['RESULT_TOO_LARGE']],
  ['a deeper output', 'let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a', [tooDeep]],
  ['a long output', 'return "x".repeat(1e5)', ['RESULT_TOO_LARGE']],
  ['an output of many characters that need six bytes', 'return "\\0".repeat(2e4)', ['RESULT_TOO_LARGE']],
  [
    'an argument that is too long',
    'await basicAuth("x".repeat(1e5), "")',
    [threw('LimitError', 'What is given to basicAuth is too large or too deep.')],
  ],
] as const;

/**
 * Ways out, and where each is known to succeed: in node:vm with two functions of the host, or as a function of Node.js itself. The
 * others name what Node.js has not, or not so.
 */
const walks: readonly (readonly [code: string, succeedsIn: 'vm' | 'node' | null])[] = [
  ['this.constructor.constructor("return process")().version', 'vm'],
  ['(function () {}).constructor("return process.env")()', 'node'],
  ['Object.getPrototypeOf(async function () {}).constructor("return process")()', 'node'],
  ['(await fetch.constructor("return process")()).pid', 'vm'],
  ['console.log.constructor.constructor("return globalThis.process")().pid', 'vm'],
  ['globalThis.process.env', 'node'],
  ['require("node:fs").readFileSync("/etc/passwd", "utf8")', 'node'],
  ['(await import("node:fs")).readFileSync("/etc/passwd", "utf8")', 'node'],
  ['(await import("../../../../package.json"))', null],
  ['new Function("return process.pid")()', 'node'],
  ['eval("process.pid")', 'node'],
  ['new Error().stack.constructor.constructor("return process.pid")()', 'node'],
  ['std.getenv("PATH")', null],
  ['os.readdir("/")', null],
  ['new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))', 'vm'],
  ['new Worker("data:,")', null],
  ['Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)', 'vm'],
  ['nightsafeDoor.call(1, "fetch", "{}")', null],
  ['nightsafeEntries.start()', null],
];

/** How a process of Node.js without any sandbox ends that runs the code: a thread of its own kills it after two seconds of processor time. */
async function endInNode(code: string, ...flags: string[]): Promise<NodeJS.Signals | number | null> {
  const watch = "setInterval(() => process.cpuUsage().user > 2e6 && process.kill(process.pid, 'SIGKILL'), 20)";
  const harness = `import { Worker } from 'node:worker_threads';
    const watch = new Worker(${JSON.stringify(watch)}, { eval: true });
    await new Promise((resolve) => watch.once('online', resolve));
    watch.unref();
    console.log = (what) => JSON.stringify(what);
    try { JSON.stringify(await (async () => { ${code} })()) } catch (error) { String(error.message) }`;
  const child = spawn(process.execPath, [...flags, '--input-type=module', '--eval', harness], { stdio: 'ignore' });
  const [exitCode, signal] = await once(child, 'exit');
  return signal ?? exitCode;
}

describe('hostile code', () => {
  let pool: SandboxPool;
  let calls: HostCall[];

  before(async () => {
    pool = await startPool(limits);
  });
  after(() => pool.close());
  beforeEach(() => {
    calls = [];
  });

  const run = (code: string, host: () => Promise<null> = () => new Promise(() => {})): Promise<SandboxOutcome> =>
    pool.run(
      jobOf(code, {
        host: (call) => {
          calls.push(call);
          return host();
        },
      }),
    );

  /** Runs the code, and then proves that the next run works and that neither the runner nor a child has grown. */
  const attack = async (code: string): Promise<SandboxOutcome> => {
    const before = process.memoryUsage().rss;
    const outcome = await run(code);
    expect(await run('return 1 + 1')).to.deep.equal(returned(2));
    expect(process.memoryUsage().rss - before, 'memory of the runner').to.be.lessThan(100 * mebibyte);
    if (process.platform === 'linux') {
      for (const child of sandboxesOf(process.pid)) expect(child.mebibytes, 'memory of a child').to.be.lessThan(400);
    }
    return outcome;
  };

  const endOf = (outcome: SandboxOutcome): string => {
    if (outcome.kind === 'stopped') return outcome.reason;
    return outcome.kind === 'threw' ? threw(outcome.error.name, outcome.error.message) : 'returned';
  };

  for (const [name, code] of loops) {
    it(`that never ends is stopped by its processor time: ${name}`, async () => {
      expect(await attack(code)).to.deep.equal(stopped('CPU'));
    });
  }

  for (const [name, code] of [
    ['a search in a text', 'return "a".repeat(8e6).indexOf("a".repeat(4e6) + "b")'],
    ['a number as text', 'return (3n ** 600000n).toString().length'],
    ['after a call of the host', 'await basicAuth("a", "b"); return "a".repeat(8e6).indexOf("a".repeat(4e6) + "b")'],
  ] as const) {
    it(`that the engine cannot interrupt is stopped from outside: ${name}`, async () => {
      const outcome = await run(code, async () => null);
      expect(outcome).to.deep.equal(stopped('CPU'));
      expect(await run('return 1 + 1')).to.deep.equal(returned(2));
    });
  }

  for (const [name, code, ends] of bombs) {
    it(`that takes more than it may gets an error or is stopped: ${name}`, async () => {
      expect(endOf(await attack(code))).to.be.oneOf([...ends]);
    });
  }

  it('logs as many lines as it may, and each is cut at its length', async () => {
    const kept = Array.from({ length: limits.logLines }, (_, index) => ({
      level: 'log' as const,
      text: String(index),
    }));
    const cut = { level: 'warn' as const, text: 'Lines after the first 50 are left out.' };
    expect(await attack('for (let i = 0; i < 1e4; i++) console.log(i); return 1')).to.deep.equal(
      returned(1, [...kept, cut]),
    );
    const long = await attack('console.log("é".repeat(1e5))');
    expect(long).to.deep.equal(returned(null, [{ level: 'log', text: `${'é'.repeat(4094)}…` }]));
  });

  it('is stopped while it waits for what never comes', async () => {
    expect(await attack('await fetch("https://example.com/")')).to.deep.equal(stopped('WALL'));
    expect(calls.map(({ name }) => name)).to.deep.equal(['fetch']);
  });

  it('sends no request more than it may, whatever it does to the sandbox’s own code', async () => {
    const code = `Map.prototype.set = () => {}; Math.max = () => 0; JSON.parse = () => ({ requests: 1e9, hostCalls: 1e9, pendingHostCalls: 1e9 });
      Object.defineProperty(Object.prototype, 'requests', { value: 1e9 });
      for (let i = 0; i < 500; i++) fetch('https://a.example').catch(() => {}); return 1`;
    expect(await attack(code)).to.deep.equal(returned(1));
    expect(calls.length).to.be.within(1, 50);
  });

  for (const [code] of walks) {
    it(`finds no way out: ${code}`, async () => {
      expect((await run(`return ${code}`)).kind).to.equal('threw');
      expect(calls).to.deep.equal([]);
    });
  }

  it('does find them in node:vm and in Node.js itself, so that the attempts above are no straw men', async () => {
    const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
    const require = createRequire(import.meta.url);
    for (const [code, succeedsIn] of walks) {
      const found = {
        vm: () => runInNewContext(`(async function () { return ${code} }).call(this)`, { fetch, console }),
        node: () => new AsyncFunction('require', `return ${code}`)(require),
      };
      if (succeedsIn === null) continue;
      const outcome = await found[succeedsIn]().catch((error: unknown) => error);
      // The error may be another realm's.
      expect(Object.prototype.toString.call(outcome), code).not.to.equal('[object Error]');
      if (typeof outcome?.terminate === 'function') await outcome.terminate();
    }
  });

  it('does never end, and does take all memory, in a process of Node.js without a sandbox', async function () {
    this.timeout(300_000);
    const inHeap = bombs.filter(([name]) => ['lists', 'promises', 'a map'].includes(name));
    const ends = await Promise.all([
      ...loops.map(async ([name, code]) => [name, await endInNode(code)]),
      ...inHeap.map(async ([name, code]) => [name, await endInNode(code, '--max-old-space-size=16')]),
    ]);
    expect(ends).to.deep.equal([
      ...loops.map(([name]) => [name, 'SIGKILL']),
      ...inHeap.map(([name]) => [name, 'SIGABRT']),
    ]);
  });

  it('sees no path, no name and no number of the processes around it in an error’s stack', async () => {
    const stacks = `const stacks = [];
      for (const fail of [() => new URL('no'), () => null.x, () => crypto.getRandomValues(1), () => structuredClone(Symbol()), () => JSON.parse('{'), () => btoa('☃'), () => new TextDecoder().decode(1)]) {
        try { fail() } catch (error) { stacks.push(String(error.stack)) }
      }
      await import('node:fs').catch((error) => stacks.push(String(error.stack)));
      return stacks.join('\\n')`;
    const outcome = await run(stacks);
    expect(outcome.kind).to.equal('returned');
    expect(JSON.stringify(outcome)).not.to.match(/node_modules|file:|\/work|wasm|dist|quickjs/);
  });

  it('leaves nothing to the next run: no global, no changed prototype, no timer', async () => {
    await run(`globalThis.left = 1; Object.prototype.left = 2; Array.prototype.map = () => 'stolen';
      setTimeout(() => console.log('late'), 50); return 1`);
    const code = `await new Promise((done) => setTimeout(done, 100)); return [typeof left, typeof ({}).left, [1].map((n) => n + 1)[0]]`;
    expect(await run(code)).to.deep.equal(returned(['undefined', 'undefined', 2]));
  });
});
