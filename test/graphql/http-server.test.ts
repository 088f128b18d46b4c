import { expect } from 'chai';
import { parse } from 'graphql';
import { auditServer } from 'graphql-http';
import { safeApolloOptions } from '../../src/graphql/apollo-options.js';
import { defaultOperationLimits } from '../../src/graphql/limits.js';
import {
  answerOf,
  canary,
  eventually,
  giveUp,
  memoryLog,
  playgroundFolder,
  speak,
  startServer,
  type TestContext,
  type TestServer,
} from './fixture.js';

const token = { authorization: 'Bearer token-ada' };
const asJson = { 'content-type': 'application/json' };
const refused = (message: string, code: string, rest = {}) => ({
  errors: [{ message, extensions: { code, ...rest } }],
});

describe('the HTTP server', () => {
  let server: TestServer;
  const folder = playgroundFolder();
  before(async () => {
    server = await startServer({ server: { playground: folder, maxBodyBytes: 1_000 } });
  });
  after(async () => {
    await server.close();
    folder.remove();
  });

  const post = async (body: string | Buffer, headers: Record<string, string> = {}) =>
    answerOf(
      await fetch(`${server.url}/graphql`, { method: 'POST', headers: { ...token, ...asJson, ...headers }, body }),
    );
  const summary = ({ status, body }: { status: number; body: unknown }) => ({ status, body });
  const viewer = '{"query":"{ viewer { name } }"}';

  it('keeps the GraphQL over HTTP specification', async () => {
    const results = await auditServer({
      url: `${server.url}/graphql`,
      fetchFn: (url: string, init: RequestInit = {}) => fetch(url, { ...init, headers: { ...init.headers, ...token } }),
    });
    const failed = results.filter(({ status }) => status === 'error' || status === 'warn');
    expect(failed.map(({ id, name }) => `${id} ${name}`)).to.deep.equal([]);
    expect(results.length).to.be.greaterThan(50);
  });

  it('answers an operation', async () => {
    const answer = await post(viewer);
    expect(summary(answer)).to.deep.equal({ status: 200, body: { data: { viewer: { name: 'Ada' } } } });
    expect(answer.headers.get('content-type')).to.equal('application/json; charset=utf-8');
  });

  describe('with a caller who is not authenticated', () => {
    const unauthenticated = { status: 401, body: refused('A valid bearer token is needed.', 'UNAUTHENTICATED') };

    it('answers 401 with WWW-Authenticate and a GraphQL body', async () => {
      const answer = await post(viewer, { authorization: `Bearer ${canary}` });
      expect(summary(answer)).to.deep.equal(unauthenticated);
      expect(answer.headers.get('www-authenticate')).to.equal('Bearer');
    });

    it('answers before anything else is looked at: type, size and key of the request', async () => {
      const wrong = {
        authorization: '',
        'content-type': 'text/plain',
        'idempotency-key': ' '.repeat(3),
        accept: 'image/png',
      };
      expect(summary(await post('x'.repeat(5_000), wrong))).to.deep.equal(unauthenticated);
    });

    it('answers before the body arrives', async () => {
      const head = 'POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n';
      expect(await speak(server.port, head, /\}\n$/)).to.match(/^HTTP\/1\.1 401 /);
    });
  });

  describe('refuses a body', () => {
    const unsupported = {
      status: 415,
      body: refused('The request body must be application/json in UTF-8, not compressed.', 'BAD_USER_INPUT'),
    };
    const tooLarge = { status: 413, body: refused('The request body is larger than 1000 bytes.', 'PAYLOAD_TOO_LARGE') };
    const notJson = { status: 400, body: refused('The request body is not JSON in UTF-8.', 'BAD_USER_INPUT') };

    it('of another type, charset or encoding, with 415', async () => {
      for (const type of [
        'text/plain',
        'application/graphql',
        'application/json; charset=latin1',
        'application/jsonx',
        canary,
      ]) {
        expect(summary(await post(viewer, { 'content-type': type }))).to.deep.equal(unsupported);
      }
      expect(summary(await post(viewer, { 'content-encoding': 'gzip' }))).to.deep.equal(unsupported);
      expect((await post(viewer, { 'content-type': 'Application/JSON; charset="UTF-8"' })).status).to.equal(200);
    });

    it('past the limit, with 413, whether it says its length or not', async () => {
      const body = JSON.stringify({ query: '{ viewer { name } }', variables: { padding: 'x'.repeat(1_000) } });
      expect(summary(await post(body))).to.deep.equal(tooLarge);
      const chunked =
        'POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer token-ada\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
      const endless = await speak(server.port, `${chunked}${`200\r\n${'x'.repeat(512)}\r\n`.repeat(4)}`, /\}\n$/);
      expect(endless).to.match(/^HTTP\/1\.1 413 /);
    });

    it('of just the limit not', async () => {
      const padding = 1_000 - '{"query":"{ viewer { name } }","x":""}'.length;
      expect((await post(`{"query":"{ viewer { name } }","x":"${'x'.repeat(padding)}"}`)).status).to.equal(200);
      expect((await post(`{"query":"{ viewer { name } }","x":"${'x'.repeat(padding + 1)}"}`)).status).to.equal(413);
    });

    it('that is not JSON, or not UTF-8, with 400', async () => {
      expect(summary(await post(`{"query": ${canary}`))).to.deep.equal(notJson);
      expect(summary(await post(Buffer.from('{"query":"\xff"}', 'latin1')))).to.deep.equal(notJson);
      expect(summary(await post(''))).to.deep.equal(notJson);
    });

    it('that is not one operation, with 400', async () => {
      const message = async (body: unknown) => summary(await post(JSON.stringify(body)));
      const bad = (text: string) => ({ status: 400, body: refused(text, 'BAD_USER_INPUT') });
      expect(await message([{ query: '{ viewer { name } }' }])).to.deep.equal(
        bad('Several operations in one request are not supported.'),
      );
      expect(await message({ query: 7 })).to.deep.equal(bad('The request is not valid.'));
      expect(await message({})).to.deep.equal(bad('The request body must be a JSON object.'));
      expect(await message({ [canary]: canary })).to.deep.equal(bad('The request has no query.'));
      expect(await message({ query: '{ viewer { name } }', variables: canary })).to.deep.equal(
        bad('The request\'s "variables" has the wrong type.'),
      );
    });
  });

  it('negotiates the content type before it executes anything', async () => {
    const typeFor = async (accept: string) => (await post(viewer, { accept })).headers.get('content-type');
    const graphql = 'application/graphql-response+json; charset=utf-8';
    const json = 'application/json; charset=utf-8';
    expect(await typeFor('application/graphql-response+json, application/json;q=0.9')).to.equal(graphql);
    expect(await typeFor('application/graphql-response+json;q=0.1, application/json')).to.equal(json);
    expect(await typeFor('text/html, */*;q=0.1')).to.equal(json);
    const mutation = JSON.stringify({ query: 'mutation { updateSecretValue(id: 1, value: "v") { id } }' });
    expect(summary(await post(mutation, { accept: 'text/html', 'x-request-id': 'not-acceptable' }))).to.deep.equal({
      status: 406,
      body: refused('Responses are application/json or application/graphql-response+json.', 'BAD_USER_INPUT'),
    });
    expect(server.lines().filter((line) => line.requestId === 'not-acceptable' && 'fields' in line)).to.deep.equal([]);
  });

  it('passes an Idempotency-Key of visible ASCII on, and refuses any other', async () => {
    const query = 'mutation { createSecretKey(input: { name: "n", value: "v" }) { idempotencyKey } }';
    const withKey = async (key: string) => summary(await post(JSON.stringify({ query }), { 'idempotency-key': key }));
    const longest = `~!${'k'.repeat(126)}`;
    expect(await withKey(longest)).to.deep.equal({
      status: 200,
      body: { data: { createSecretKey: { idempotencyKey: longest } } },
    });
    const problem = { field: 'Idempotency-Key', message: 'must be 1 to 128 visible ASCII characters' };
    const bad = {
      status: 400,
      body: refused(`Invalid input: ${problem.field} ${problem.message}.`, 'BAD_USER_INPUT', { fields: [problem] }),
    };
    for (const key of [`${longest}k`, '', 'two words', 'schlüssel']) expect(await withKey(key)).to.deep.equal(bad);
  });

  it('puts the request id, no-store and nosniff on every response', async () => {
    for (const path of ['/graphql', '/healthz', '/readyz', '/playground/main.js', '/nowhere']) {
      const { headers } = await fetch(`${server.url}${path}`, { headers: { 'x-request-id': 'Given_id-1' } });
      const names = ['x-request-id', 'cache-control', 'x-content-type-options', 'access-control-allow-origin'];
      expect(names.map((name) => headers.get(name))).to.deep.equal(['Given_id-1', 'no-store', 'nosniff', null]);
    }
  });

  it('makes a request id of its own when the given one is not valid', async () => {
    const idFor = async (given: string) =>
      (await fetch(`${server.url}/healthz`, { headers: { 'x-request-id': given } })).headers.get('x-request-id');
    const uuid = /^[0-9a-f-]{36}$/;
    expect(await idFor('k'.repeat(64))).to.equal('k'.repeat(64));
    expect(await idFor('k'.repeat(65))).to.match(uuid);
    expect(await idFor('a b')).to.match(uuid);
    expect(await idFor('')).to.match(uuid);
  });

  it('answers 405 with Allow to other methods, and 404 elsewhere', async () => {
    const to = async (method: string, path: string, headers = {}) => {
      const response = await fetch(`${server.url}${path}`, { method, headers });
      return [response.status, response.headers.get('allow')];
    };
    expect(await to('GET', '/graphql?query={viewer{id}}', { accept: 'application/json' })).to.deep.equal([405, 'POST']);
    expect(await to('PUT', '/graphql')).to.deep.equal([405, 'POST']);
    expect(await to('POST', '/healthz')).to.deep.equal([405, 'GET, HEAD']);
    expect(await to('DELETE', '/playground/main.js')).to.deep.equal([405, 'GET, HEAD']);
    const nowhere = await answerOf(await fetch(`${server.url}/${canary}`));
    expect(summary(nowhere)).to.deep.equal({ status: 404, body: refused('Not found.', 'NOT_FOUND') });
  });

  describe('with the playground', () => {
    const page = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };

    it('gives it to a browser, under a policy that lets nothing of another origin in', async () => {
      const response = await fetch(`${server.url}/graphql`, { headers: page });
      expect([response.status, response.headers.get('content-type'), await response.text()]).to.deep.equal([
        200,
        'text/html; charset=utf-8',
        '<!doctype html><title>Playground</title>',
      ]);
      expect(response.headers.get('content-security-policy')).to.equal(
        "default-src 'none'; script-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; " +
          "font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
          "frame-ancestors 'none'",
      );
    });

    it('gives its files, and no others', async () => {
      const script = await fetch(`${server.url}/playground/main.js`);
      expect([script.status, script.headers.get('content-type')]).to.deep.equal([
        200,
        'text/javascript; charset=utf-8',
      ]);
      for (const path of ['/playground/none.js', '/playground/', '/playground/%2e%2e/%2e%2e/etc/passwd']) {
        expect((await fetch(`${server.url}${path}`)).status).to.equal(404);
      }
      const climbing = 'GET /playground/../../../../etc/passwd HTTP/1.1\r\nHost: h\r\n\r\n';
      expect(await speak(server.port, climbing, /\}\n$/)).to.match(/^HTTP\/1\.1 404 /);
    });

    it('turned off has none', async () => {
      const bare = await startServer();
      const response = await fetch(`${bare.url}/graphql`, { headers: page });
      await bare.close();
      expect(response.status).to.equal(404);
    });
  });

  describe('says of itself', () => {
    it('that it runs, and that it can serve', async () => {
      expect(await (await fetch(`${server.url}/healthz`)).json()).to.deep.equal({ status: 'ok', checks: {} });
      expect(await (await fetch(`${server.url}/readyz`)).json()).to.deep.equal({
        status: 'ok',
        checks: { database: 'ok' },
      });
    });

    it('more than what it waits for, which keeps nobody from being served', async () => {
      const telling = await startServer({ server: { about: () => ({ policyReload: 'refused' }) } });
      const [ready, health] = [await fetch(`${telling.url}/readyz`), await fetch(`${telling.url}/healthz`)];
      const bodies = [await ready.json(), await health.json()];
      await telling.close();
      expect(ready.status).to.equal(200);
      expect(bodies).to.deep.equal([
        { status: 'ok', checks: { database: 'ok' }, policyReload: 'refused' },
        { status: 'ok', checks: {} },
      ]);
    });

    it('what it waits for, with 503', async () => {
      const waiting = await startServer({
        server: { readiness: async () => ({ database: 'ok', migrations: '2 to run' }) },
      });
      const ready = await answerOf(await fetch(`${waiting.url}/readyz`));
      const { status } = await fetch(`${waiting.url}/healthz`);
      await waiting.close();
      expect(summary(ready)).to.deep.equal({
        status: 503,
        body: { status: 'unavailable', checks: { database: 'ok', migrations: '2 to run' } },
      });
      expect(status).to.equal(200);
    });
  });

  it('answers INTERNAL with the request id when something around the operation fails', async () => {
    const failures = [
      { authenticate: async () => Promise.reject(new Error(canary)) },
      {
        contextFor: () => {
          throw new Error(canary);
        },
      },
    ];
    for (const failure of failures) {
      const failing = await startServer({ server: failure });
      const answer = await failing.send('{ viewer { name } }', undefined, { 'x-request-id': 'r-7' });
      await failing.close();
      expect(summary(answer)).to.deep.equal({
        status: 500,
        body: refused('Something failed on our side.', 'INTERNAL', { requestId: 'r-7' }),
      });
      expect(
        failing
          .lines()
          .filter(({ level }) => level === 'error')
          .map(({ requestId, msg }) => [requestId, msg]),
      ).to.deep.equal([['r-7', 'request failed']]);
      expect(failing.logText()).not.to.include(canary);
    }
  });

  it('logs a request by route, status and root fields, and no name of the caller’s', async () => {
    await post(
      JSON.stringify({ query: `query ${canary} { ${canary}: viewer { id } secretKeys { edges { node { id } } } }` }),
      {
        'x-request-id': 'logged',
      },
    );
    const lines = server.lines().filter(({ requestId }) => requestId === 'logged');
    expect(
      lines.map(({ time, pid, hostname, durationMs, ...line }) => ({ ...line, durationMs: typeof durationMs })),
    ).to.deep.equal([
      {
        level: 'info',
        requestId: 'logged',
        fields: ['viewer', 'secretKeys'],
        method: 'POST',
        path: '/graphql',
        status: 200,
        durationMs: 'number',
        msg: 'request',
      },
    ]);
  });

  it('leaves nothing of an upload that its caller gave up', async () => {
    const head =
      'POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer token-ada\r\nContent-Type: application/json\r\nX-Request-Id: given-up\r\nContent-Length: 900\r\n\r\n';
    await giveUp(server.port, `${head}{"query":"${canary}`);
    const lines = await eventually(() => server.lines().filter(({ requestId }) => requestId === 'given-up'));
    expect(lines.map(({ level, aborted, msg }) => ({ level, aborted, msg }))).to.deep.equal([
      { level: 'info', aborted: true, msg: 'request' },
    ]);
  });

  it('finishes what is in flight when it closes, and takes nothing new', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let arrived = () => {};
    const arrival = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const closing = await startServer({
      server: {
        readiness: async () => {
          arrived();
          await held;
          return {};
        },
      },
    });
    const inFlight = fetch(`${closing.url}/readyz`);
    await arrival;
    const closed = closing.close();
    const late = await fetch(`${closing.url}/healthz`).then(
      () => 'answered',
      () => 'refused',
    );
    release();
    const response = await inFlight;
    await closed;
    expect([late, response.status, response.headers.get('connection')]).to.deep.equal(['refused', 200, 'close']);
  });
});

describe('the options of Apollo Server', () => {
  const optionsFor = (log = memoryLog().log) =>
    safeApolloOptions<TestContext>({
      log,
      limits: defaultOperationLimits,
      rateLimit: { points: 600, perSeconds: 60 },
      introspection: true,
    });

  it('keep no document that has a string in it, which may be a secret value', async () => {
    const { documentStore } = optionsFor();
    const withVariable = parse('mutation ($v: String!) { updateSecretValue(id: 1, value: $v) { id } }');
    await documentStore.set('variable', withVariable);
    await documentStore.set('literal', parse(`mutation { updateSecretValue(id: 1, value: "${canary}") { id } }`));
    await documentStore.set('block', parse(`mutation { updateSecretValue(id: 1, value: """${canary}""") { id } }`));
    const kept = await Promise.all(['variable', 'literal', 'block'].map((key) => documentStore.get(key)));
    expect(kept).to.deep.equal([withVariable, undefined, undefined]);
  });

  it('keep the thousand documents that were used last', async () => {
    const { documentStore } = optionsFor();
    const document = parse('{ viewer { id } }');
    for (let n = 0; n < 1_000; n += 1) await documentStore.set(`d${n}`, document);
    await documentStore.get('d0');
    await documentStore.set('d1000', document);
    const kept = await Promise.all(['d0', 'd1', 'd2', 'd1000'].map((key) => documentStore.get(key)));
    expect(kept).to.deep.equal([document, undefined, document, document]);
  });

  it('pass on of Apollo Server’s own log lines what comes before an error’s text', () => {
    const { log, lines } = memoryLog();
    const { logger } = optionsFor(log);
    logger.error(`Unexpected error processing request: Error: ${canary}`);
    logger.warn(`An error occurred while attempting to read from the documentStore. ${canary}`);
    logger.info(new Error(canary));
    expect(lines().map(({ level, msg }) => `${level} ${msg}`)).to.deep.equal([
      'error Apollo Server: Unexpected error processing request',
      'warn Apollo Server: An error occurred while attempting to read from the documentStore',
      'info Apollo Server: an error without a text',
    ]);
  });

  it('turn introspection off when it is not wanted', async () => {
    const closed = await startServer({ introspection: false });
    const { status, body } = await closed.send('{ __schema { description } }');
    await closed.close();
    expect({ status, body }).to.deep.equal({
      status: 400,
      body: {
        errors: [
          {
            message: 'Introspection is turned off (line 1, column 3).',
            locations: [{ line: 1, column: 3 }],
            extensions: { code: 'BAD_USER_INPUT' },
          },
        ],
      },
    });
  });

  it('tell a caller nothing of a plugin that fails, and log its failure under the request id', async () => {
    const failing = await startServer({
      plugins: [
        {
          async requestDidStart() {
            return {
              async responseForOperation() {
                throw new Error(canary);
              },
            };
          },
        },
      ],
    });
    const { status, body } = await failing.send('{ viewer { id } }', undefined, { 'x-request-id': 'r-9' });
    await failing.close();
    expect({ status, body }).to.deep.equal({ status: 500, body: refused('Something failed on our side.', 'INTERNAL') });
    const failure = failing.lines().find(({ level, requestId }) => level === 'error' && requestId === 'r-9');
    expect(failure?.msg).to.equal('request failed');
    expect(failing.logText()).not.to.include(canary);
  });
});
