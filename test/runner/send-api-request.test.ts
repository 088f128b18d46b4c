import { expect } from 'chai';
import { AuditEventEntity } from '../../src/audit/audit.entity.js';
import type { RunId, SecretKeyId } from '../../src/ids.js';
import type { Template } from '../../src/modules/workflow/template.js';
import { type Client, newTeam, sharedApi, type Team, type TestApi } from '../support/api.js';
import { queueRun, requestStep, runOf, text, untilEnded } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';
import { startTestRunner, type TestRunner } from '../support/runner.js';

const canary = 'canary-5d1e77a0-not-a-real-key';
const key = (secretKeyId: string): Template => [{ kind: 'secretKey', secretKeyId: secretKeyId as SecretKeyId }];

describe('a run of Send API Request', () => {
  let api: TestApi;
  let server: ReflectingServer;
  let runner: TestRunner;
  let team: Team;

  before(async () => {
    api = await sharedApi();
    server = await startReflectingServer({
      base64: (got) => Buffer.from(got).toString('base64'),
      itself: (got) => got,
    });
    runner = await startTestRunner(api, { privateHosts: [server.host] });
    team = await newTeam(api);
  });
  after(async () => {
    await runner.close();
    await server.close();
  });
  beforeEach(() => {
    server.received.length = 0;
  });

  const newKey = async (client: Client, input: object = {}): Promise<string> => {
    const data = await client.data(
      'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
      {
        input: {
          name: `Key ${Math.random()}`,
          value: canary,
          allowedHosts: [`http://${server.host}`],
          ...input,
        },
      },
    );
    return data.createSecretKey.secretKey.id;
  };
  const run = async (steps: Parameters<typeof queueRun>[3], startedBy: Client = team.bob, input = {}) => {
    const id = await queueRun(api, team.organizationId, startedBy.id, steps, input);
    return { id, ...(await untilEnded(api, team.organizationId, id)) };
  };
  const bearer = (id: string) => [
    { name: 'Authorization', value: [{ kind: 'text', text: 'Bearer ' }, ...key(id)] as Template },
  ];
  const auditOf = async (id: string, runId: RunId) => {
    const events = await api.services.database.readAll(AuditEventEntity, {
      organizationId: team.organizationId,
      subjectId: id as never,
    });
    return events
      .map(({ body }) => JSON.parse(body))
      .filter(({ requestId }) => requestId === runId)
      .map(({ type, actor, details }) => ({ type, actor: actor.name, code: details.code }));
  };

  it('gives the server the value, shows none, and says in the receipt where it came back', async () => {
    const id = await newKey(team.bob);
    const step = requestStep(team.bob.id, {
      name: 'send',
      url: text(`http://${server.host}/hello?as=json`),
      headers: bearer(id),
    });
    const result = await run([step]);
    expect(server.received.map(({ headers }) => headers.authorization)).to.deep.equal([`Bearer ${canary}`]);
    expect(JSON.stringify(result)).not.to.include(canary);
    expect({ state: result.state, error: result.error }).to.deep.equal({ state: 'SUCCEEDED', error: null });
    expect(result.steps[0]?.output).to.deep.include({
      status: 200,
      url: `http://${server.host}/hello?as=json`,
    });
    expect(result.steps[0]?.receipt).to.deep.equal([
      {
        secretKeyId: id,
        origin: 'VALUE',
        place: 'OUTPUT',
        at: '$.body.headers.authorization',
        encoding: 'raw',
        count: 1,
      },
      { secretKeyId: id, origin: 'VALUE', place: 'OUTPUT', at: '$.headers["x-echo"]', encoding: 'raw', count: 1 },
    ]);
    expect(await auditOf(id, result.id)).to.deep.equal([{ type: 'secretKey.used', actor: 'Bob', code: undefined }]);
    expect(runner.log.join('')).not.to.include(canary);
  });

  it('notes when the key was last used', async () => {
    const id = await newKey(team.bob);
    await run([requestStep(team.bob.id, { url: text(`http://${server.host}/`), headers: bearer(id) })]);
    const { secretKey } = await team.bob.data('query ($id: ID!) { secretKey(id: $id) { lastUsedAt } }', { id });
    expect(Date.parse(secretKey.lastUsedAt)).to.be.closeTo(Date.now(), 60_000);
  });

  it('masks a value that begins with a byte order mark, which reading an answer takes off', async () => {
    const id = await newKey(team.bob, { value: `\ufeff${canary}`, placements: ['BODY'] });
    const step = requestStep(team.bob.id, {
      method: 'POST',
      url: text(`http://${server.host}/?as=itself`),
      body: { kind: 'text', text: key(id), contentType: 'text/plain' },
    });
    const result = await run([step]);
    expect(server.received.map(({ body }) => body)).to.deep.equal([`\ufeff${canary}`]);
    expect(result.steps[0]?.output).to.deep.include({ status: 200, body: '[redacted]' });
  });

  it('masks Basic credentials to their last character', async () => {
    const id = await newKey(team.bob, { uses: ['SEND_API_REQUEST', 'BASIC_AUTH'] });
    const step = requestStep(team.bob.id, {
      url: text(`http://${server.host}/`),
      basicAuth: { username: text('user-1'), password: key(id) },
    });
    const result = await run([step]);
    const credentials = Buffer.from(`user-1:${canary}`).toString('base64');
    expect(server.received.map(({ headers }) => headers.authorization)).to.deep.equal([`Basic ${credentials}`]);
    expect(result.steps[0]?.output).to.have.nested.property(
      'body.headers.authorization',
      `Basic ${credentials.slice(0, 9)}[redacted]`,
    );
    expect(result.steps[0]?.receipt).to.deep.include({
      secretKeyId: id,
      origin: 'BASE64',
      place: 'OUTPUT',
      at: '$.body.headers.authorization',
      encoding: 'raw',
      count: 1,
    });
  });

  it('puts outputs, input, Basic credentials, JSON and forms where the step says', async () => {
    const id = await newKey(team.bob, {
      uses: ['SEND_API_REQUEST', 'BASIC_AUTH'],
      placements: ['HEADER', 'BODY', 'QUERY'],
    });
    const first = requestStep(team.bob.id, { name: 'first', url: text(`http://${server.host}/first`) });
    const second = requestStep(team.bob.id, {
      method: 'POST',
      url: [...text(`http://${server.host}`), { kind: 'output', step: 'first', path: ['body', 'url'] }],
      query: [{ name: 'q', value: [{ kind: 'input', path: ['email'] }] }],
      basicAuth: { username: text('user'), password: key(id) },
      body: { kind: 'form', fields: [{ name: 'token', value: key(id) }] },
    });
    const third = requestStep(team.bob.id, {
      method: 'PUT',
      url: text(`http://${server.host}/third`),
      body: {
        kind: 'json',
        json: { kind: 'object', members: [{ name: 'token', value: { kind: 'string', template: key(id) } }] },
      },
    });
    const result = await run([first, second, third], team.bob, { email: 'a&b@team.example' });
    expect(result.state).to.equal('SUCCEEDED');
    expect(server.received.map(({ method, url, body }) => ({ method, url, body }))).to.deep.equal([
      { method: 'GET', url: '/first', body: '' },
      { method: 'POST', url: '/first?q=a%26b%40team.example', body: `token=${canary}` },
      { method: 'PUT', url: '/third', body: JSON.stringify({ token: canary }) },
    ]);
    expect(server.received[1]?.headers.authorization).to.equal(
      `Basic ${Buffer.from(`user:${canary}`).toString('base64')}`,
    );
    expect(JSON.stringify(result)).not.to.include(canary);
    expect(JSON.stringify(result)).not.to.include(Buffer.from(`user:${canary}`).toString('base64').slice(8, 40));
  });

  it('masks a value in the input, and in what a step before its first use had left', async () => {
    const id = await newKey(team.bob);
    const early = requestStep(team.bob.id, {
      method: 'POST',
      url: text(`http://${server.host}/early`),
      body: { kind: 'text', text: [{ kind: 'input', path: ['leak'] }], contentType: 'text/plain' },
    });
    const late = requestStep(team.bob.id, { url: text(`http://${server.host}/late`), headers: bearer(id) });
    const result = await run([early, late], team.bob, { leak: canary });
    expect(result.state).to.equal('SUCCEEDED');
    expect(JSON.stringify(result)).not.to.include(canary);
    expect(result.input).to.deep.equal({ input: { leak: '[redacted]' }, steps: {} });
    expect(result.steps[0]?.receipt).to.deep.equal([
      { secretKeyId: id, origin: 'VALUE', place: 'OUTPUT', at: '$.body.body', encoding: 'raw', count: 1 },
    ]);
  });

  it('fails on a status that is not expected, and keeps the answer', async () => {
    const step = requestStep(team.bob.id, { url: text(`http://${server.host}/?status=404`) });
    const after = requestStep(team.bob.id, { url: text(`http://${server.host}/never`) });
    const result = await run([step, after]);
    expect({ state: result.state, error: result.error, states: result.steps.map(({ state }) => state) }).to.deep.equal({
      state: 'FAILED',
      error: {
        code: 'UNEXPECTED_STATUS',
        message: 'The answer has the status 404.',
        secretKeyId: null,
        field: null,
        line: null,
      },
      states: ['FAILED', 'SKIPPED'],
    });
    expect(result.steps[0]?.output).to.deep.include({ status: 404 });
    expect(server.received.length).to.equal(1);
    const expected = requestStep(team.bob.id, { url: text(`http://${server.host}/?status=404`), expectStatus: [404] });
    expect((await run([expected])).state).to.equal('SUCCEEDED');
  });

  const refused = async (
    steps: Parameters<typeof queueRun>[3],
    startedBy: Client,
  ): Promise<{ readonly code: string | undefined; readonly field: string | null | undefined; readonly id: RunId }> => {
    const result = await run(steps, startedBy);
    expect(server.received).to.deep.equal([]);
    expect(result.state).to.equal('FAILED');
    return { code: result.error?.code, field: result.error?.field, id: result.id };
  };
  const using = (id: string, editedBy: Client = team.bob) => [
    requestStep(editedBy.id, { url: text(`http://${server.host}/`), headers: bearer(id) }),
  ];

  it('sends nothing when who started it, or who last edited the step, may not use the key, and writes that down', async () => {
    const id = await newKey(team.bob);
    for (const [editedBy, startedBy] of [
      [team.bob, team.carol],
      [team.carol, team.bob],
    ] as const) {
      const { code, field, id: runId } = await refused(using(id, editedBy), startedBy);
      expect({ code, field }).to.deep.equal({ code: 'SECRET_KEY_NOT_ALLOWED', field: 'headers[0].value' });
      expect(await auditOf(id, runId)).to.deep.equal([
        { type: 'secretKey.useRefused', actor: startedBy.name, code: 'SECRET_KEY_NOT_ALLOWED' },
      ]);
    }
  });

  it('stops at the next run after the right was taken away', async () => {
    const id = await newKey(team.bob, {
      access: {
        level: 'RESTRICTED',
        grants: [
          { granteeId: team.growth, permission: 'USE' },
          { granteeId: team.alice.id, permission: 'MANAGE' },
        ],
      },
    });
    expect((await run(using(id))).state).to.equal('SUCCEEDED');
    server.received.length = 0;
    await team.alice.data(
      'mutation ($input: SetSecretAccessInput!) { setSecretAccess(input: $input) { secretKey { id } } }',
      {
        input: { id, level: 'RESTRICTED', grants: [{ granteeId: team.alice.id, permission: 'MANAGE' }] },
      },
    );
    expect((await refused(using(id), team.bob)).code).to.equal('SECRET_KEY_NOT_ALLOWED');
  });

  it('sends nothing with a key that was deleted, has expired, or is not meant for requests', async () => {
    const deleted = await newKey(team.bob);
    await team.bob.data('mutation ($input: DeleteSecretKeyInput!) { deleteSecretKey(input: $input) { deletedId } }', {
      input: { id: deleted },
    });
    expect((await refused(using(deleted), team.bob)).code).to.equal('SECRET_KEY_NOT_FOUND');
    const forCode = await newKey(team.bob, { uses: ['RUN_CODE'] });
    expect((await refused(using(forCode), team.bob)).code).to.equal('SECRET_KEY_USE_NOT_ALLOWED');
    const noBasic = await newKey(team.bob);
    const basic = requestStep(team.bob.id, {
      url: text(`http://${server.host}/`),
      basicAuth: { username: text('user'), password: key(noBasic) },
    });
    expect(await refused([basic], team.bob)).to.deep.include({
      code: 'SECRET_KEY_USE_NOT_ALLOWED',
      field: 'basicAuth.password',
    });
    const elsewhere = await newKey(team.bob, { allowedHosts: ['api.example.com'] });
    expect((await refused(using(elsewhere), team.bob)).code).to.equal('REQUEST_NOT_ALLOWED');
  });

  it('does nothing for rows that were put into the database by hand', async () => {
    const { database } = api.services;
    const id = await newKey(team.bob);
    const change = (sql: string, parameters: readonly unknown[]) =>
      database.transaction((tx) => tx.query(sql, parameters));
    const grant =
      'INSERT INTO secret_grant (organization_id, secret_key_id, grantee_id, permission) VALUES (?, ?, ?, ?)';
    await change(grant, [team.organizationId, id, team.carol.id, 'USE']);
    expect((await refused(using(id, team.carol), team.carol)).code).to.equal('NOT_VERIFIED');

    const hosts = await newKey(team.bob, { allowedHosts: ['api.example.com'] });
    await change('UPDATE secret_key SET allowed_hosts = ? WHERE id = ?', [
      JSON.stringify([`http://${server.host}`]),
      hosts,
    ]);
    expect((await refused(using(hosts), team.bob)).code).to.equal('NOT_VERIFIED');

    const [mine, theirs] = [await newKey(team.bob), await newKey(team.carol)];
    const [foreign] = await database.query('SELECT ciphertext, signature FROM sealed_value WHERE secret_key_id = ?', [
      theirs,
    ]);
    await change('UPDATE sealed_value SET ciphertext = ?, signature = ? WHERE secret_key_id = ?', [
      foreign?.ciphertext,
      foreign?.signature,
      mine,
    ]);
    expect((await refused(using(mine), team.bob)).code).to.equal('NOT_VERIFIED');
  });

  it('does nothing for a request that the api did not sign, or that names another starter, steps or input', async () => {
    const id = await newKey(team.bob);
    for (const tampered of [
      { startedById: team.bob.id },
      { steps: JSON.stringify(using(id)) },
      { input: JSON.stringify({ input: { a: 1 }, steps: {} }) },
      { queuedAt: 0 },
    ]) {
      const step = requestStep(team.carol.id, { url: text(`http://${server.host}/`) });
      const runId = await queueRun(api, team.organizationId, team.carol.id, [step], {}, tampered);
      const ended = await untilEnded(api, team.organizationId, runId);
      expect({ state: ended.state, code: ended.error?.code }).to.deep.equal({ state: 'FAILED', code: 'NOT_VERIFIED' });
    }
    expect(server.received).to.deep.equal([]);
  });

  it('ends a run that is cancelled, while its request waits', async () => {
    const { database } = api.services;
    const steps = [
      requestStep(team.bob.id, { url: text(`http://${server.host}/?wait=9000`) }),
      requestStep(team.bob.id, { url: text(`http://${server.host}/never`) }),
    ];
    const id = await queueRun(api, team.organizationId, team.bob.id, steps);
    while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await database.transaction((tx) =>
      tx.query('UPDATE workflow_run SET cancel_requested_at = ? WHERE id = ?', [Date.now(), id]),
    );
    const { state, error, steps: left } = await untilEnded(api, team.organizationId, id);
    expect({ state, code: error?.code, steps: left.map((step) => step.state) }).to.deep.equal({
      state: 'CANCELLED',
      code: 'CANCELLED',
      steps: ['CANCELLED', 'CANCELLED'],
    });
    expect(await runOf(api, team.organizationId, id)).to.deep.include({ state: 'CANCELLED' });
  });
});
