import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { JsonValue } from '../../src/modules/run/run-input.js';
import type { Segment, Template } from '../../src/modules/workflow/template.js';
import { newTeam, sharedApi, type Team, type TestApi } from '../support/api.js';
import { codeStep, queueRun, requestStep, text, untilEnded } from '../support/queued-runs.js';
import { startTestRunner, type TestRunner } from '../support/runner.js';

const kibibyte = 1024;
const canary = 'canary-7c31d0ae-not-a-real-key';

describe('the limits of a run', () => {
  let api: TestApi;
  let runner: TestRunner;
  let team: Team;
  let server: Server;
  let host: string;
  const received = { count: 0, mostAtOnce: 0 };

  before(async () => {
    api = await sharedApi();
    team = await newTeam(api);
    // Answers when three requests wait, or the last of twenty has come, and leaves others the time to come beside them.
    const waiting: ServerResponse[] = [];
    server = createServer((request, response) => {
      request.resume();
      received.count += 1;
      waiting.push(response);
      received.mostAtOnce = Math.max(received.mostAtOnce, waiting.length);
      if (waiting.length !== 3 && received.count !== 20) return;
      setTimeout(() => {
        for (const one of waiting.splice(0)) one.end('ok');
      }, 50);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    runner = await startTestRunner(api, {
      privateHosts: [host],
      requestBytes: 64 * kibibyte,
      responseBytes: kibibyte,
      runResponseBytes: 3 * kibibyte,
      codeVariableBytes: 64 * kibibyte,
      codeCpuMilliseconds: 30_000,
      stepLogBytes: 100,
      runOutputBytes: 100 * kibibyte,
    });
  });
  after(async () => {
    await runner.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  beforeEach(() => Object.assign(received, { count: 0, mostAtOnce: 0 }));

  const run = async (steps: Parameters<typeof queueRun>[3], input: JsonValue = {}) =>
    untilEnded(api, team.organizationId, await queueRun(api, team.organizationId, team.bob.id, steps, input));
  const input = (...path: string[]): Segment => ({ kind: 'input', path });
  const many = (count: number): Template => Array.from({ length: count }, () => input('big'));
  const big = 'x'.repeat(30 * kibibyte);
  const tooLarge = (field: string | null, message: string) => ({
    code: 'TOO_LARGE',
    message,
    secretKeyId: null,
    field,
    line: null,
  });

  it('refuse a request that repeats a reference, by the field, and send nothing', async () => {
    const to = { method: 'POST', url: text(`http://${host}/`) } as const;
    const ended = await Promise.all([
      run([requestStep(team.bob.id, { ...to, body: { kind: 'text', text: many(3), contentType: 'text/plain' } })], {
        big,
      }),
      run([requestStep(team.bob.id, { ...to, body: { kind: 'json', json: { kind: 'string', template: many(3) } } })], {
        big,
      }),
      run(
        [
          requestStep(team.bob.id, {
            ...to,
            body: { kind: 'form', fields: [1, 2, 3].map((at) => ({ name: `f${at}`, value: many(1) })) },
          }),
        ],
        { big },
      ),
      run([requestStep(team.bob.id, { url: [...text(`http://${host}/`), ...many(2)] })], { big }),
      run([requestStep(team.bob.id, { ...to, headers: [{ name: 'x', value: many(3) }] })], { big }),
    ]);
    const message = 'The request would be larger than it may be.';
    expect({ errors: ended.map(({ error }) => error), received: received.count }).to.deep.equal({
      errors: ['body.text', 'body.json', 'body.form[2].value', 'url', 'headers[0].value'].map((field) =>
        tooLarge(field, message),
      ),
      received: 0,
    });
  });

  it('refuse variables of code that are too large together, by the field', async () => {
    const variables = [1, 2, 3].map((at) => ({ name: `V${at}`, value: many(1) }));
    const ended = await run([codeStep(team.bob.id, 'return V1.length', { variables })], { big });
    expect(ended.error).to.deep.equal(
      tooLarge('variables[2].value', 'The variables would be larger than they may be.'),
    );
    const fitting = await run([codeStep(team.bob.id, 'return V1.length', { variables: variables.slice(0, 2) })], {
      big,
    });
    expect(fitting.steps[0]?.output).to.equal(big.length);
  });

  it('refuse a request of code whose placeholders make it too large, which the code sees as an error', async () => {
    const data = await team.bob.data(
      'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
      {
        input: {
          name: `Key ${Math.random()}`,
          value: canary,
          allowedHosts: [`http://${host}`],
          uses: ['RUN_CODE', 'HMAC'],
          placements: ['BODY'],
        },
      },
    );
    const variables = [
      { name: 'KEY', value: [{ kind: 'secretKey', secretKeyId: data.createSecretKey.secretKey.id }] as Template },
    ];
    const code = `const said = [];
      await fetch('http://${host}/', { method: 'POST', body: KEY.repeat(2000) }).catch((error) => said.push(String(error)));
      await crypto.hmac({ key: KEY.repeat(5000), data: 'x' }).catch((error) => said.push(error.name));
      return said`;
    const ended = await run([codeStep(team.bob.id, code, { variables })]);
    expect({ error: ended.error, output: ended.steps[0]?.output, received: received.count }).to.deep.equal({
      error: null,
      output: ['TypeError: fetch failed: The request would be larger than it may be.', 'Error'],
      received: 0,
    });
  });

  it('have so many answers under way at once in the code of a run, and the other requests wait', async () => {
    const code = `const all = await Promise.all(Array.from({ length: 20 }, () => fetch('http://${host}/')));
      return all.map(({ status }) => status)`;
    const ended = await run([codeStep(team.bob.id, code)]);
    expect({ output: ended.steps[0]?.output, ...received }).to.deep.equal({
      output: Array(20).fill(200),
      count: 20,
      mostAtOnce: 3,
    });
  });

  it('keep so many bytes of what a step logs', async () => {
    const ended = await run([codeStep(team.bob.id, 'for (const n of [1, 2, 3]) console.log(String(n).repeat(40))')]);
    expect(ended.steps[0]?.logs).to.deep.equal([
      { level: 'info', text: '1'.repeat(40) },
      { level: 'info', text: '2'.repeat(40) },
      { level: 'warn', text: 'Lines after the first 2 are left out: a step keeps 100 bytes.' },
    ]);
  });

  it('fail the step whose output the run has no room for, and keep nothing of it', async () => {
    const steps = [1, 2, 3].map(() => codeStep(team.bob.id, 'console.log("a line"); return "x".repeat(40 * 1024)'));
    const ended = await run(steps);
    const message = 'The outputs and logs of the run are larger than they may be.';
    expect({ error: ended.error, last: ended.steps[2] }).to.deep.equal({
      error: tooLarge(null, message),
      last: {
        state: 'FAILED',
        output: null,
        logs: [{ level: 'warn', text: message }],
        error: tooLarge(null, message),
        receipt: [],
      },
    });
    expect(ended.steps.slice(0, 2).map(({ state }) => state)).to.deep.equal(['SUCCEEDED', 'SUCCEEDED']);
  });
});
