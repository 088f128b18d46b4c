/** Code that means harm: whatever it does ends within its limits, shows nothing of the runner, and leaves a sandbox that works. */
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

  for (const [name, code] of [
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
  ] as const) {
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

  for (const [name, code, ends] of [
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
  ] as const) {
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

  for (const code of [
    'this.constructor.constructor("return process")().version',
    '(function () {}).constructor("return process.env")()',
    'Object.getPrototypeOf(async function () {}).constructor("return process")()',
    '(await fetch.constructor("return process")()).pid',
    'console.log.constructor.constructor("return globalThis.process")().pid',
    'globalThis.process.env',
    'require("node:fs").readFileSync("/etc/passwd", "utf8")',
    '(await import("node:fs")).readFileSync("/etc/passwd", "utf8")',
    '(await import("../../../../package.json"))',
    'new Function("return process.pid")()',
    'eval("process.pid")',
    'new Error().stack.constructor.constructor("return process.pid")()',
    'std.getenv("PATH")',
    'os.readdir("/")',
    'new WebAssembly.Module(new Uint8Array(8))',
    'new Worker("data:,")',
    'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)',
    'nightsafeDoor.call(1, "fetch", "{}")',
    'nightsafeEntries.start()',
  ]) {
    it(`finds no way out: ${code}`, async () => {
      expect((await run(`return ${code}`)).kind).to.equal('threw');
      expect(calls).to.deep.equal([]);
    });
  }

  it('does find one in node:vm, so that the attempts above are no straw men', () => {
    expect(runInNewContext('this.constructor.constructor("return process")().pid', { a: {} })).to.equal(process.pid);
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
