/** What code finds in the sandbox: small programs, and exactly what they return. */
import { expect } from 'chai';
import type { HostCall } from '../../../src/runner/sandbox/host-call.js';
import { HostCallError } from '../../../src/runner/sandbox/host-call.js';
import type { JsonValue } from '../../../src/runner/sandbox/json.js';
import type { SandboxOutcome } from '../../../src/runner/sandbox/outcome.js';
import type { SandboxPool } from '../../../src/runner/sandbox/sandbox-pool.js';
import { jobOf, returned, startPool } from './sandbox.js';
import { placeholder, programs } from './web-platform-programs.js';

describe('the web platform in the sandbox', () => {
  let pool: SandboxPool;
  before(async () => {
    pool = await startPool();
  });
  after(() => pool.close());

  const run = (
    code: string,
    host?: (call: HostCall, signal: AbortSignal) => Promise<JsonValue>,
  ): Promise<SandboxOutcome> =>
    pool.run(jobOf(code, { variables: { KEY: placeholder, NUMBER: 1, LIST: [{ a: 1 }] }, ...(host && { host }) }));

  for (const [feature, table] of Object.entries(programs)) {
    it(`has ${feature}`, async () => {
      for (const [code, output] of table) expect(await run(code), code).to.deep.equal(returned(output));
    });
  }

  it('logs lines with their level, values on one line, of bounded depth', async () => {
    const outcome =
      await run(`console.log('a', 1, null, [1, 'x'], { b: { c: { d: { e: {} } } } }, 1n, () => 1, new Set([1]));
      const loop = {}; loop.loop = loop; console.info(loop); console.warn(KEY); console.error('bad'); console.debug(); console.assert(false, 'x');`);
    expect(outcome).to.deep.equal(
      returned(null, [
        {
          level: 'log',
          text: 'a 1 null [1, "x"] { b: { c: { d: { e: [Object] } } } } 1n [Function (anonymous)] Set { 1 }',
        },
        { level: 'info', text: '{ loop: [Circular] }' },
        { level: 'warn', text: placeholder },
        { level: 'error', text: 'bad' },
        { level: 'debug', text: '' },
        { level: 'error', text: 'Assertion failed x' },
      ]),
    );
  });

  it('tells the name, the message and the author’s line of what was thrown', async () => {
    for (const [code, name, message, line] of [
      ['\nthrow new TypeError("no")', 'TypeError', 'no', 2],
      ['a b', 'SyntaxError', "expecting ';'", 1],
      ['\n\nmissing()', 'ReferenceError', 'missing is not defined', 3],
      ['throw { a: 1 }', 'Error', 'The code threw {"a":1}', null],
      ['setTimeout(() => {\nthrow new Error("late") }, 1); await new Promise(() => {})', 'Error', 'late', 2],
      ['await new Promise(() => {})', 'Error', 'The code waits for a promise that nothing can settle.', null],
      ['const a = {}; a.a = a; return a', 'TypeError', 'circular reference', null],
    ] as const) {
      const outcome = await run(code);
      expect(outcome, code).to.deep.equal({ kind: 'threw', error: { name, message, line }, logs: [] });
    }
  });

  it('has random numbers that are others in every run, although all runs begin with the same state of the engine', async () => {
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => run('return Math.random()')));
    const numbers = outcomes.map((outcome) => (outcome.kind === 'returned' ? Number(outcome.output) : Number.NaN));
    expect(numbers.every((number) => number >= 0 && number < 1)).to.equal(true);
    expect(new Set(numbers).size).to.equal(5);
  });

  it('sends a request through the host, and gives what it answers', async () => {
    const calls: HostCall[] = [];
    const outcome = await run(
      `const response = await fetch('https://EXAMPLE.com/' + KEY, { method: 'put', headers: { 'X-A': ' b ' }, body: '{}', redirect: 'error' });
       return [response.status, response.ok, response.statusText, response.url, response.redirected, [...response.headers], await response.json()]`,
      async (call) => {
        calls.push(call);
        const bodyBase64 = Buffer.from('{"é":1}').toString('base64');
        const headers = [['Content-Type', 'application/json']];
        return {
          status: 201,
          statusText: 'Created',
          url: 'https://example.com/x',
          redirected: true,
          headers,
          bodyBase64,
        };
      },
    );
    expect(calls).to.deep.equal([
      {
        name: 'fetch',
        argument: {
          url: `https://example.com/${placeholder}`,
          method: 'PUT',
          headers: [
            ['content-type', 'text/plain;charset=UTF-8'],
            ['x-a', 'b'],
          ],
          body: { text: '{}' },
          redirect: 'error',
        },
      },
    ]);
    const headers = [['content-type', 'application/json']];
    expect(outcome).to.deep.equal(returned([201, true, 'Created', 'https://example.com/x', true, headers, { é: 1 }]));
  });

  it('has the host make MACs, tokens and Basic credentials', async () => {
    const outcome = await run(
      `return await Promise.all([
        crypto.hmac({ key: KEY, data: new Uint8Array([1, 2]), hash: 'SHA-512', encoding: 'base64' }),
        crypto.hmac({ key: KEY, data: 'x' }),
        jwt.sign({ key: KEY, algorithm: 'HS256', payload: { a: 1 }, expiresIn: 60 }),
        basicAuth('user', KEY),
      ])`,
      async (call) => call as unknown as JsonValue,
    );
    expect(outcome).to.deep.equal(
      returned([
        { name: 'hmac', argument: { key: placeholder, data: { base64: 'AQI=' }, hash: 'SHA-512', encoding: 'base64' } },
        { name: 'hmac', argument: { key: placeholder, data: { text: 'x' }, hash: 'SHA-256', encoding: 'hex' } },
        {
          name: 'jwt',
          argument: { key: placeholder, algorithm: 'HS256', header: {}, payload: { a: 1 }, expiresIn: 60 },
        },
        { name: 'basicAuth', argument: { user: 'user', password: placeholder } },
      ]),
    );
  });

  it('shows a refusal of the host by its name and message, and of any other error nothing', async () => {
    const code =
      'try { await basicAuth("a", "b") } catch (error) { return [error instanceof Error, error.name, error.message, Object.keys(error)] }';
    const refused = await run(code, () =>
      Promise.reject(new HostCallError('KeyNotAllowed', 'The key may not do this.')),
    );
    expect(refused).to.deep.equal(returned([true, 'KeyNotAllowed', 'The key may not do this.', []]));
    const failed = await run(code, () => {
      throw new Error('canary-77aa-not-a-real-key');
    });
    expect(failed).to.deep.equal(returned([true, 'Error', 'The runner could not do this.', []]));
  });

  it('aborts a request in the runner when the code does', async () => {
    let stopped: AbortSignal | null = null;
    const outcome = await run(
      'const c = new AbortController(); setTimeout(() => c.abort(), 5); try { await fetch("https://a.example", { signal: c.signal }) } catch (error) { await new Promise((done) => setTimeout(done, 100)); return error.name }',
      (_call, signal) => {
        stopped = signal;
        return new Promise(() => {});
      },
    );
    expect(outcome).to.deep.equal(returned('AbortError'));
    expect(stopped).to.have.property('aborted', true);
  });

  it('refuses by an error more requests, and more calls at a time, than a run may have', async () => {
    const reply = { status: 200, statusText: '', url: '', redirected: false, headers: [], bodyBase64: '' };
    const requests =
      'let n = 0; try { for (;;) { await fetch("https://a.example"); n++ } } catch (error) { return [n, error.name, error.message] }';
    expect(await run(requests, async () => reply)).to.deep.equal(
      returned([50, 'LimitError', 'A run may send 50 requests.']),
    );
    const calls =
      'let n = 0; try { for (;;) { basicAuth("a", "b").catch(() => {}); if (++n > 70) break } await basicAuth("a", "b") } catch (error) { return error.message }';
    const outcome = await run(calls, () => new Promise(() => {}));
    expect(outcome).to.deep.equal(returned('A run may have 64 calls under way at a time.'));
  });
});
