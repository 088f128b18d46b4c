import { expect } from 'chai';
import { GraphQLError } from 'graphql';
import { ApiError, notFound } from '../../src/errors.js';
import { formatError, maskError } from '../../src/graphql/format-error.js';
import { UnsignedRowError } from '../../src/vault/signed-row.js';
import { canary, DriverError, memoryLog, quietScope, startServer, type TestServer } from './fixture.js';

describe('errors', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  const place = (line: number, column: number) => ({ locations: [{ line, column }] });
  const badInput = { extensions: { code: 'BAD_USER_INPUT' } };

  describe('in a document', () => {
    const key = 'createSecretKey';
    const cases: readonly [document: string, message: string, column: number][] = [
      [`{ viewer { ${canary} } }`, 'Unknown field on type "Viewer" (line 1, column 12).', 12],
      [`{ viewer { id(${canary}: 1) } }`, 'Unknown argument on field "Viewer.id" (line 1, column 15).', 15],
      [`mutation { ${key} { id } }`, `Argument "input" of field "${key}" is required (line 1, column 12).`, 12],
      ['{ viewer }', 'Field "viewer" of type "Viewer!" needs a selection of subfields (line 1, column 3).', 3],
      [`{ viewer { id { ${canary} } } }`, 'Field "id" has no subfields to select (line 1, column 15).', 15],
      [
        `mutation { ${key}(input: { name: "${canary}" }) { id } }`,
        'Input field "CreateSecretKeyInput.value" is required (line 1, column 35).',
        35,
      ],
      [
        `mutation { ${key}(input: { name: "n", value: "${canary}", ${canary}: 1 }) { id } }`,
        'Unknown field on input type "CreateSecretKeyInput" (line 1, column 87).',
        87,
      ],
      [
        `mutation { ${key}(input: { name: "n", value: ${canary} }) { id } }`,
        'Expected a value of type "String" (line 1, column 55).',
        55,
      ],
      [
        `mutation { ${key}(input: "${canary}") { id } }`,
        'Expected a value of type "CreateSecretKeyInput!" (line 1, column 35).',
        35,
      ],
      [
        `mutation { ${key}(input: { name: "n", value: "v", valueEncoding: ${canary} }) { id } }`,
        'Expected a value of type "SecretValueEncoding" (line 1, column 75).',
        75,
      ],
      [
        `mutation { updateSecretValue(id: 1, value: "v", at: "${canary}") { id } }`,
        'Expected a value of type "DateTime" (line 1, column 53).',
        53,
      ],
      [
        `{ viewer { id } ${canary}: node(id: $${canary}) { id } }`,
        'A variable is used that the operation does not define (line 1, column 56).',
        56,
      ],
      [`query ($${canary}: ID) { viewer { id } }`, 'A variable is defined and never used (line 1, column 8).', 8],
      [
        `query ($${canary}: Int) { node(id: $${canary}) { id } }`,
        'A variable of type "Int" is used where "ID!" is expected (line 1, column 8).',
        8,
      ],
      [`query ($a: ${canary}) { node(id: $a) { id } }`, 'Unknown type (line 1, column 12).', 12],
      [`{ viewer { id @${canary} } }`, 'Unknown directive (line 1, column 15).', 15],
      [`{ viewer { ...${canary} } }`, 'Unknown fragment (line 1, column 15).', 15],
      [
        `{ viewer { id } } fragment ${canary} on Viewer { id }`,
        'A fragment is defined and never used (line 1, column 19).',
        19,
      ],
      [
        `{ ${canary}: node(id: "1") { id } ${canary}: node(id: "${canary}") { id } }`,
        'Two fields of the same name in the response differ; give one of them an alias (line 1, column 3).',
        3,
      ],
      [
        `query ${canary} { viewer { id } } query ${canary} { viewer { id } }`,
        'The document is not valid (line 1, column 7).',
        7,
      ],
      [`{ viewer { "${canary}" } }`, 'Syntax error (line 1, column 12).', 12],
    ];
    for (const [document, message, column] of cases) {
      it(`are told as: ${message}`, async () => {
        const { status, body, text } = await server.send(document);
        const { locations, ...first } = body.errors?.[0] ?? {};
        expect({ status, first }).to.deep.equal({ status: 400, first: { message, ...badInput } });
        expect((locations as unknown[])[0]).to.deep.equal({ line: 1, column });
        expect(text).not.to.include(canary);
      });
    }
  });

  it('of an operation that the document does not have are told without its name', async () => {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { authorization: 'Bearer token-ada', 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'query A { viewer { id } }', operationName: canary }),
    });
    expect(await response.json()).to.deep.equal({
      errors: [{ message: 'The document has no operation of the name that was asked for.', ...badInput }],
    });
  });

  it('of an argument that a variable makes null in execution are told without the value', async () => {
    const query = `mutation ($v: String = "x") { updateSecretValue(id: "${canary}", value: $v) { id } }`;
    const { body } = await server.send(query, { v: null });
    expect(body).to.deep.equal({
      errors: [
        {
          message: 'Argument "value" is missing or not valid (line 1, column 92).',
          ...place(1, 92),
          path: ['updateSecretValue'],
          ...badInput,
        },
      ],
      data: null,
    });
  });

  it('of ours reach the caller with code, message and extensions, however deep they are wrapped', async () => {
    const { body } = await server.send('{ rejected }');
    expect(body).to.deep.equal({
      errors: [
        {
          message: 'You are not allowed to do this.',
          ...place(1, 3),
          path: ['rejected'],
          extensions: { code: 'FORBIDDEN' },
        },
      ],
      data: { rejected: null },
    });
    expect(server.lines().find(({ msg }) => msg === 'refused')).to.include({
      code: 'FORBIDDEN',
      detail: 'rule team-read',
    });
  });

  it('that nobody expected are INTERNAL with the request id, and the log has their kind and frames', async () => {
    const { status, headers, body } = await server.send('{ failing }');
    const requestId = headers.get('x-request-id');
    expect({ status, body }).to.deep.equal({
      status: 200,
      body: {
        errors: [
          {
            message: 'Something failed on our side.',
            ...place(1, 3),
            path: ['failing'],
            extensions: { code: 'INTERNAL', requestId },
          },
        ],
        data: { failing: null },
      },
    });
    const lines = server.lines().filter((line) => line.requestId === requestId && line.level === 'error');
    expect(
      lines.map(({ msg, fields, err }) => ({ msg, fields, err: { ...(err as object), stack: '' } })),
    ).to.deep.equal([
      {
        msg: 'request failed',
        fields: ['failing'],
        err: { type: 'QueryFailedError', code: 'SQLITE_CONSTRAINT', errno: 19, sqlState: '23000', stack: '' },
      },
    ]);
    expect(server.logText()).not.to.include(canary);
  });

  it('that a resolver throws as GraphQL errors, or a result of the wrong type, are INTERNAL too', async () => {
    const { body, text } = await server.send('{ alsoFailing misreported }');
    expect(body.errors?.map(({ extensions }) => (extensions as { code: string }).code)).to.deep.equal([
      'INTERNAL',
      'INTERNAL',
    ]);
    expect(text).not.to.include(canary);
    expect(server.logText()).not.to.include(canary);
  });

  it('are logged once when one failure fails many fields', () => {
    const { log, lines } = memoryLog();
    const failure = new DriverError();
    for (const path of [['a'], ['b'], ['c']]) {
      maskError(new GraphQLError(failure.message, { path, originalError: failure }), { requestId: 'r-1', log });
    }
    expect(lines().length).to.equal(1);
  });

  it('are INTERNAL when they are no errors at all', () => {
    expect(maskError(canary, quietScope())).to.deep.equal({
      message: 'Something failed on our side.',
      extensions: { code: 'INTERNAL', requestId: 'r-1' },
    });
  });

  it('of a row that the api did not sign are told to nobody, and the log has one line with its table and id alone', () => {
    const { log, lines } = memoryLog();
    const failure = new UnsignedRowError('secret_key', 'an-id');
    const refusal = new UnsignedRowError('grantee', 'another-id', 'You are nobody here.');
    expect([failure, failure, refusal].map((error) => maskError(error, { requestId: 'r-1', log }))).to.deep.equal([
      { message: 'Something failed on our side.', extensions: { code: 'INTERNAL', requestId: 'r-1' } },
      { message: 'Something failed on our side.', extensions: { code: 'INTERNAL', requestId: 'r-1' } },
      { message: 'You are nobody here.', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    const written = lines().map(({ time: _, pid: __, hostname: ___, ...line }) => line);
    expect(written).to.deep.equal([
      { level: 'error', table: 'secret_key', id: 'an-id', msg: 'a row is not what the api signed' },
      { level: 'error', table: 'grantee', id: 'another-id', msg: 'a row is not what the api signed' },
    ]);
  });

  it('are INTERNAL when an ApiError says so, without its message', () => {
    expect(maskError(new ApiError('INTERNAL', canary), quietScope()).message).to.equal('Something failed on our side.');
  });

  it('outside of a request have no request id', () => {
    const { log } = memoryLog();
    const formatted = { message: canary, extensions: { code: 'INTERNAL_SERVER_ERROR', stacktrace: [canary] } };
    expect(formatError(log)(formatted, new Error(canary))).to.deep.equal({
      message: 'Something failed on our side.',
      extensions: { code: 'INTERNAL' },
    });
    expect(formatError(log)(formatted, notFound())).to.deep.equal({
      message: 'Not found.',
      extensions: { code: 'NOT_FOUND' },
    });
  });

  it('of what is hidden and of what does not exist are the same, byte for byte', async () => {
    const query = 'query ($id: ID!) { secretKey(id: $id) { name } }';
    const hidden = await server.send(query, { id: 'hidden' });
    const absent = await server.send(query, { id: 'absent' }, { 'x-request-id': 'another-one' });
    expect(hidden.text).to.equal(absent.text);
    expect(hidden.body).to.deep.equal({
      errors: [{ message: 'Not found.', ...place(1, 20), path: ['secretKey'], extensions: { code: 'NOT_FOUND' } }],
      data: { secretKey: null },
    });
  });

  it('of the caller are read in the body under status 200 by a client that asked for application/json', async () => {
    const asJson = { accept: 'application/json' };
    expect((await server.send('{', undefined, asJson)).status).to.equal(200);
    expect((await server.send('{ unknown }', undefined, asJson)).status).to.equal(200);
    expect((await server.send('query ($id: ID!) { node(id: $id) { id } }', {}, asJson)).status).to.equal(200);
    expect((await server.send('', undefined, asJson)).status).to.equal(400);
  });
});
