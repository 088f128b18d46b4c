/** A child that got out of the engine and says what it likes: here it is a program that has nothing to do with the sandbox. */
import { spawn } from 'node:child_process';
import { expect } from 'chai';
import type { HostCall } from '../../../src/runner/sandbox/host-call.js';
import { defaultSandboxLimits } from '../../../src/runner/sandbox/limits.js';
import type { SandboxOutcome } from '../../../src/runner/sandbox/outcome.js';
import { SandboxProcess } from '../../../src/runner/sandbox/sandbox-process.js';
import { jobOf, log, stopped } from './sandbox.js';

const limits = {
  ...defaultSandboxLimits,
  cpuMs: 100,
  wallMs: 4000,
  pendingHostCalls: 4,
  requests: 3,
  hostCalls: 6,
  logLines: 2,
};

/** The child says `first` at once, and evaluates `onStart`, which can say more, when it is given a job. */
const childThat = (onStart: string, first = '{"type":"ready"}'): SandboxProcess =>
  new SandboxProcess(limits, log, () =>
    spawn(
      process.execPath,
      [
        '--eval',
        `const bytes = (text) => { const b = Buffer.alloc(4); b.writeUInt32BE(Buffer.byteLength(text)); return Buffer.concat([b, Buffer.from(text)]); };
         const say = (...messages) => process.stdout.write(Buffer.concat(messages.map((m) => bytes(typeof m === 'string' ? m : JSON.stringify(m)))));
         const call = (id, name = 'hmac') => ({ type: 'call', id, name, argument: {} });
         process.stdin.once('data', () => { ${onStart} });
         process.stdin.resume();
         say(${JSON.stringify(first)});`,
      ],
      { env: {}, stdio: ['pipe', 'pipe', 'ignore', 'pipe'] },
    ),
  );

interface Seen {
  readonly outcome: SandboxOutcome;
  readonly calls: readonly HostCall[];
  readonly areAborted: boolean;
}

async function runIn(child: SandboxProcess, reply: () => Promise<null> = () => new Promise(() => {})): Promise<Seen> {
  expect(await child.started).to.equal(true);
  const calls: HostCall[] = [];
  const signals: AbortSignal[] = [];
  const host = (call: HostCall, signal: AbortSignal): Promise<null> => {
    calls.push(call);
    signals.push(signal);
    return reply();
  };
  const outcome = await child.run(jobOf('return 1', { host }));
  await child.ended;
  return { outcome, calls, areAborted: signals.every(({ aborted }) => aborted) };
}

const hmac: HostCall = { name: 'hmac', argument: {} };

describe('a child that is not honest', () => {
  for (const [what, onStart] of [
    ['sends what is no JSON', `say('}{')`],
    ['sends a frame that is longer than any may be', `process.stdout.write(Buffer.from([0x7f, 0xff, 0xff, 0xff]))`],
    ['sends an empty frame', `process.stdout.write(Buffer.alloc(4))`],
    ['sends bytes that are no UTF-8', `process.stdout.write(Buffer.from([0, 0, 0, 2, 0xc3, 0x28]))`],
    ['says that it is ready again', `say({ type: 'ready' })`],
    ['abandons a call that it never made', `say({ type: 'abandon', id: 1 })`],
    ['has seen a reply that it was never sent', `say({ type: 'waiting', milliseconds: 1, replies: 1 })`],
    ['cuts the log before it is full', `say({ type: 'logs-cut' })`],
    ['gives a call a number of its own', `say(call(7))`],
    ['calls what does not exist', `say(call(1, 'spawn'))`],
    [
      'waits more often than there is time for',
      `for (;;) say(...Array(1000).fill({ type: 'waiting', milliseconds: 0, replies: 0 }))`,
    ],
    ['ends', 'process.exit(0)'],
    ['ends in the middle of a frame', `process.stdout.write(Buffer.from([0, 0, 0, 9, 65]), () => process.exit(0))`],
    ['kills itself', `process.kill(process.pid, 'SIGKILL')`],
  ] as const) {
    it(`is killed, and its run has crashed, when it ${what}`, async () => {
      expect(await runIn(childThat(onStart))).to.deep.equal({
        outcome: stopped('CRASHED'),
        calls: [],
        areAborted: true,
      });
    });
  }

  it('is killed when it logs more lines than are kept; those before are kept', async () => {
    const line = { level: 'log', text: 'a' } as const;
    const { outcome } = await runIn(childThat(`say(...Array(3).fill(${JSON.stringify({ type: 'log', ...line })}))`));
    expect(outcome).to.deep.equal({ kind: 'stopped', reason: 'CRASHED', logs: [line, line] });
  });

  it('is killed when it repeats the number of a call, which is served once and then aborted', async () => {
    expect(await runIn(childThat('say(call(1), call(1))'))).to.deep.equal({
      outcome: stopped('CRASHED'),
      calls: [hmac],
      areAborted: true,
    });
  });

  it('is killed when it has more calls under way than it may', async () => {
    expect(await runIn(childThat('for (let id = 1; id <= 100; id++) say(call(id))'))).to.deep.equal({
      outcome: stopped('HOST_CALLS'),
      calls: Array(limits.pendingHostCalls).fill(hmac),
      areAborted: true,
    });
  });

  it('is killed when it makes more calls than it may, even if each is answered', async () => {
    const onStart = `let id = 0; const next = () => say(call(++id)); next(); process.stdin.on('data', next)`;
    expect(await runIn(childThat(onStart), async () => null)).to.deep.equal({
      outcome: stopped('HOST_CALLS'),
      calls: Array(limits.hostCalls).fill(hmac),
      areAborted: false,
    });
  });

  it('is killed when it sends more requests than it may', async () => {
    const onStart = `for (let id = 1; id <= 4; id++) say(call(id, 'fetch'))`;
    const { outcome, calls } = await runIn(childThat(onStart));
    expect(outcome).to.deep.equal(stopped('HOST_CALLS'));
    expect(calls).to.deep.equal(Array(limits.requests).fill({ name: 'fetch', argument: {} }));
  });

  it('is killed when it says nothing for longer than code may execute', async () => {
    expect((await runIn(childThat('for (;;);'))).outcome).to.deep.equal(stopped('CPU'));
  });

  it('is killed at the end of the time of the wall when it says again and again that it waits', async () => {
    const onStart = `setInterval(() => say({ type: 'waiting', milliseconds: 1e9, replies: 0 }), 100)`;
    expect((await runIn(childThat(onStart))).outcome).to.deep.equal(stopped('WALL'));
  });

  it('is killed when it says something after its run has ended, or before it has begun', async () => {
    const returned = `{ type: 'returned', output: 1 }`;
    expect((await runIn(childThat(`say(${returned}, ${returned})`))).outcome.kind).to.equal('returned');
    const early = childThat('', '{"type":"waiting","milliseconds":null,"replies":0}');
    expect(await early.started).to.equal(false);
    await early.ended;
  });
});
