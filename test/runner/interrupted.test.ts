import { expect } from 'chai';
import type { RunId, SecretKeyId } from '../../src/ids.js';
import type { StepDefinition } from '../../src/modules/workflow/step-definition.js';
import { newTeam, startTestApi, type Team, type TestApi } from '../support/api.js';
import { startExecution, type TestExecution } from '../support/execution.js';
import { codeStep, queueRun, requestStep, runOf, text } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';
import { storedText } from '../support/stored.js';

const canary = 'canary-7a90c2f4-not-a-real-key';
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const never = new Promise<never>(() => undefined);

describe('a value that is in the input and in what the first step left, and then becomes known', () => {
  let api: TestApi;
  let server: ReflectingServer;
  let execution: TestExecution;
  let team: Team;
  let secretKeyId: SecretKeyId;

  before(async () => {
    // Of its own: all of its rows are searched.
    api = await startTestApi();
    server = await startReflectingServer();
    team = await newTeam(api);
    const { createSecretKey } = await team.bob.data(
      'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
      {
        input: {
          name: 'Canary',
          value: canary,
          allowedHosts: [`http://${server.host}`],
          uses: ['SEND_API_REQUEST', 'RUN_CODE'],
        },
      },
    );
    secretKeyId = createSecretKey.secretKey.id;
  });
  after(async () => {
    await server.close();
    await api.close();
  });
  beforeEach(async () => {
    server.received.length = 0;
    execution = await startExecution(api, [server.host]);
  });
  afterEach(async () => {
    await execution.outlive();
    await execution.close();
  });

  const early = (): StepDefinition =>
    requestStep(team.bob.id, {
      method: 'POST',
      url: text(`http://${server.host}/early`),
      body: { kind: 'text', text: [{ kind: 'input', path: ['leak'] }], contentType: 'text/plain' },
    });
  const late = (milliseconds: number): StepDefinition =>
    requestStep(team.bob.id, {
      url: text(`http://${server.host}/late?wait=${milliseconds}`),
      headers: [{ name: 'Authorization', value: [{ kind: 'secretKey', secretKeyId }] }],
    });
  const queue = (steps: readonly StepDefinition[]): Promise<RunId> =>
    queueRun(api, team.organizationId, team.bob.id, steps, { leak: canary });
  const received = async (count: number): Promise<void> => {
    while (server.received.length < count) await pause(10);
  };
  const left = async (id: RunId) => {
    const { state, steps } = await runOf(api, team.organizationId, id);
    return {
      state,
      steps: steps.map((step) => step.state),
      isShown: (await storedText(api.services.database)).includes(canary),
    };
  };

  it('is in no row any more when the request with it goes out', async () => {
    const id = await queue([early(), late(60_000)]);
    void execution.execute(await execution.claim());
    await received(2);
    expect(await left(id)).to.deep.equal({ state: 'RUNNING', steps: ['SUCCEEDED', 'RUNNING'], isShown: false });
  });

  it('is in no row any more while code has the key, although it sends nothing', async () => {
    const code = codeStep(team.bob.id, 'await new Promise((resolve) => setTimeout(resolve, 25000, KEY));', {
      variables: [{ name: 'KEY', value: [{ kind: 'secretKey', secretKeyId }] }],
    });
    const id = await queue([early(), code]);
    void execution.execute(await execution.claim());
    const isSearched = async () => {
      const rows = await api.services.database.query(
        `SELECT a.run_id FROM active_run a JOIN workflow_run_step s ON s.run_id = a.run_id
         WHERE a.run_id = ? AND s.position = 1 AND s.sent_at IS NOT NULL AND a.is_unmasked = 0`,
        [id],
      );
      return rows.length === 1;
    };
    while (!(await isSearched())) await pause(10);
    expect(await left(id)).to.deep.equal({ state: 'RUNNING', steps: ['SUCCEEDED', 'RUNNING'], isShown: false });
  });

  it('is in no row of a run whose runner did not come back', async () => {
    const id = await queue([early(), late(60_000)]);
    void execution.execute(await execution.claim());
    await received(2);
    await execution.outlive();
    expect(await left(id)).to.deep.equal({ state: 'INTERRUPTED', steps: ['SUCCEEDED', 'INTERRUPTED'], isShown: false });
    const { input, steps } = await runOf(api, team.organizationId, id);
    expect({ input, receipt: steps[0]?.receipt }).to.deep.equal({
      input: { input: { leak: '[redacted]' }, steps: {} },
      receipt: [{ secretKeyId, origin: 'VALUE', place: 'OUTPUT', at: '$.body.body', encoding: 'raw', count: 1 }],
    });
  });

  it('is in no row of a run whose runner ended when it had opened the key, and had searched nothing yet', async () => {
    const id = await queue([early(), late(0)]);
    const { database } = execution;
    // The last that is read before the key is opened.
    Object.assign(database, { read: () => never });
    void execution.execute(await execution.claim());
    const isOpening = async () =>
      (await api.services.database.query('SELECT run_id FROM active_run WHERE is_unmasked = 1')).length === 1;
    while (!(await isOpening())) await pause(10);
    await execution.outlive();
    expect(await left(id)).to.deep.equal({ state: 'INTERRUPTED', steps: ['SUCCEEDED', 'INTERRUPTED'], isShown: false });
    const { input, steps } = await runOf(api, team.organizationId, id);
    expect({ input, output: steps[0]?.output, logs: steps[0]?.logs }).to.deep.equal({
      input: { input: {}, steps: {} },
      output: null,
      logs: [
        {
          level: 'info',
          text: 'Output and logs are withheld: the runner ended before they were searched for the value of a key.',
        },
      ],
    });
  });

  it('is in no row of a run that its runner gives up when it is stopped', async () => {
    const id = await queue([early(), late(60_000)]);
    const stop = new AbortController();
    const executing = execution.execute(await execution.claim(), stop.signal);
    await received(2);
    stop.abort('shutdown');
    await executing;
    expect(await left(id)).to.deep.equal({ state: 'INTERRUPTED', steps: ['SUCCEEDED', 'INTERRUPTED'], isShown: false });
  });

  it('is in no row of a run that is cancelled, whether a request or code had it', async () => {
    const code = codeStep(
      team.bob.id,
      `await fetch('http://${server.host}/late?wait=60000', { headers: { a: KEY } });`,
      {
        variables: [{ name: 'KEY', value: [{ kind: 'secretKey', secretKeyId }] }],
      },
    );
    for (const step of [late(60_000), code]) {
      server.received.length = 0;
      const id = await queue([early(), step]);
      const stop = new AbortController();
      const executing = execution.execute(await execution.claim(), stop.signal);
      await received(2);
      stop.abort('cancelled');
      await executing;
      expect(await left(id)).to.deep.equal({ state: 'CANCELLED', steps: ['SUCCEEDED', 'CANCELLED'], isShown: false });
    }
  });

  it('is masked in what later steps read of the first', async () => {
    const first = { ...early(), name: 'first' };
    const reader = requestStep(team.bob.id, {
      method: 'POST',
      url: text(`http://${server.host}/reader`),
      body: {
        kind: 'text',
        text: [{ kind: 'output', step: 'first', path: ['body', 'body'] }],
        contentType: 'text/plain',
      },
    });
    const id = await queue([first, late(0), reader]);
    await execution.execute(await execution.claim());
    expect(await left(id)).to.deep.equal({
      state: 'SUCCEEDED',
      steps: ['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED'],
      isShown: false,
    });
    expect(server.received.map(({ body }) => body)).to.deep.equal([canary, '', '[redacted]']);
  });
});
