import { expect } from 'chai';
import { canary, eventually, giveUp, speak, startServer, type TestServer } from './fixture.js';

/** A fake secret, pasted wherever a caller can put a text, is repeated nowhere: in no response and in no line of the log. */
describe('a secret in the wrong place', () => {
  let server: TestServer;
  const responses: string[] = [];

  before(async () => {
    server = await startServer({ server: { maxBodyBytes: 4_000 } });
  });
  after(() => server.close());
  afterEach(() => {
    expect(responses.length).to.be.greaterThan(0);
    expect(responses.splice(0).filter((text) => text.includes(canary))).to.deep.equal([]);
    expect(server.logText()).not.to.include(canary);
  });

  const hear = async (path: string, init: RequestInit): Promise<void> => {
    const response = await fetch(`${server.url}${path}`, init);
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`);
    responses.push([...headers, await response.text()].join('\n'));
  };
  const post = (body: unknown, headers: Record<string, string> = {}) =>
    hear('/graphql', {
      method: 'POST',
      headers: { authorization: 'Bearer token-ada', 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });

  const input = { name: 'Payments', value: canary };
  const create = 'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { id } }';
  const wrong: readonly unknown[] = [
    canary,
    [canary],
    { [canary]: canary },
    [[{ [canary]: canary }]],
    { value: canary },
  ];

  it('that is well-formed is not told', async () => {
    await post({ query: create, variables: { input } });
    await post({ query: `mutation { createSecretKey(input: { name: "n", value: "${canary}" }) { id } }` });
  });

  it('of a document that does not parse', async () => {
    for (const query of [
      canary,
      `{ ${canary}`,
      `{ viewer { id } } ${canary}`,
      `"${canary}`,
      `"""${canary}`,
      `{ viewer(id: "${canary}\\u{}") }`,
      `{ viewer @ ${canary} }`,
      `query { viewer { id } } type ${canary} { id: ID }`,
      `{ ${`${canary} `.repeat(90)}`,
    ]) {
      await post({ query });
    }
  });

  it('of a document that is not valid: unknown names, aliases, operations, fragments, variables, directives', async () => {
    for (const query of [
      `{ ${canary} }`,
      `{ viewer { ${canary} } }`,
      `{ viewer { ${canary}: nothing } }`,
      `{ viewer(${canary}: "${canary}") { id } }`,
      `query ${canary} { nothing }`,
      `query ${canary} { viewer { id } } query ${canary} { viewer { id } }`,
      `{ viewer { ...${canary} } }`,
      `{ viewer { ... on ${canary} { id } } }`,
      `fragment ${canary} on ${canary} { id }`,
      `fragment ${canary} on Viewer { ...${canary} } { viewer { ...${canary} } }`,
      `query ($${canary}: ${canary}) { viewer { id } }`,
      `query ($${canary}: String = 7) { viewer { id } }`,
      `{ node(id: $${canary}) { id } }`,
      `query ($${canary}: Int) { node(id: $${canary}) { id } }`,
      `{ viewer @${canary}(${canary}: "${canary}") { id } }`,
      `{ viewer @include(if: "${canary}") { id } }`,
      `{ ${canary}: node(id: 1) { id } ${canary}: node(id: 2) { id } }`,
      `{ ${canary}: viewer { id } ${canary}: secretKeys { edges { node { id } } } }`,
      `mutation { createSecretKey(input: { name: "${canary}", name: "${canary}", ${canary}: 1 }) { ${canary} } }`,
    ]) {
      await post({ query });
    }
  });

  it('of a literal in every position of an input', async () => {
    const literals = [
      `"${canary}"`,
      canary,
      `["${canary}"]`,
      `{ ${canary}: "${canary}" }`,
      `{ name: "${canary}" }`,
      `$${canary}`,
    ];
    const fields = [
      'name',
      'value',
      'valueEncoding',
      'allowedHosts',
      'grants',
      'owner',
      'expiresAt',
      'revision',
      canary,
    ];
    for (const literal of literals) {
      await post({ query: `mutation { createSecretKey(input: ${literal}) { nothing } }` });
      for (const field of fields) {
        await post({
          query: `mutation { createSecretKey(input: { value: "${canary}", ${field}: ${literal} }) { nothing } }`,
        });
      }
    }
  });

  it('of a variable of the wrong type in every position of an input', async () => {
    const fields = [
      'name',
      'value',
      'valueEncoding',
      'allowedHosts',
      'grants',
      'owner',
      'expiresAt',
      'revision',
      canary,
      '__proto__',
    ];
    for (const value of wrong) {
      await post({ query: create, variables: { input: value } });
      for (const field of fields) {
        await post({ query: create, variables: { input: { ...input, [field]: value } } });
        await post({ query: create, variables: { input: { ...input, [field]: value, name: null } } });
      }
      await post({
        query: create,
        variables: { input: { ...input, grants: [{ granteeId: value, permission: value }] } },
      });
      await post({ query: create, variables: { [canary]: value } });
      await post({
        query: `mutation ($${canary}: String!) { updateSecretValue(id: 1, value: $${canary}) { id } }`,
        variables: { [canary]: [value] },
      });
    }
  });

  it('of a request that is not an operation', async () => {
    for (const body of [
      canary,
      `"${canary}"`,
      `{"query":"${canary}`,
      [{ query: canary }],
      { query: { [canary]: canary } },
      { query: '{ viewer { id } }', variables: canary },
      { query: '{ viewer { id } }', variables: [canary] },
      { query: '{ viewer { id } }', extensions: canary },
      { query: '{ viewer { id } }', operationName: canary },
      { query: '{ viewer { id } }', operationName: { [canary]: canary } },
      { query: `query ${canary} { viewer { id } }`, operationName: canary },
      { extensions: { persistedQuery: { version: 1, sha256Hash: canary } } },
      { [canary]: canary },
    ]) {
      await post(body);
    }
  });

  it('of the type, the size or a header of a request', async () => {
    const query = '{ viewer { id } }';
    await post(canary, { 'content-type': 'text/plain' });
    await post({ query }, { 'content-type': canary });
    await post({ query }, { 'content-type': `application/json; charset=${canary}` });
    await post({ query, padding: canary.repeat(500) });
    await post({ query }, { authorization: `Bearer ${canary}` });
    await post({ query }, { authorization: canary });
    await post({ query }, { accept: canary });
    await post({ query }, { accept: `${canary}/${canary}, application/json` });
    await post({ query }, { 'idempotency-key': `${canary} ${canary}` });
    await post({ query }, { 'idempotency-key': canary });
    await post({ query }, { 'x-request-id': `Bearer ${canary}` });
    await post({ query }, { 'content-encoding': canary });
    await post({ query }, { 'x-apollo-operation-name': canary, cookie: canary, [canary.replaceAll('_', '-')]: canary });
  });

  it('of the path or the query string of a URL', async () => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      for (const path of [
        `/graphql?query=${canary}`,
        `/${canary}`,
        `/playground/${canary}`,
        `/healthz?${canary}`,
        `/graphql/${canary}`,
      ]) {
        await hear(path, { method, headers: { accept: `text/html, ${canary}` } });
      }
    }
  });

  it('of bytes that are not HTTP', async () => {
    responses.push(await speak(server.port, `${canary} /${canary} HTTP/9\r\n${canary}\r\n\r\n`, /\r\n\r\n$/));
    responses.push(await speak(server.port, `POST /graphql HTTP/1.1\r\n${canary}\r\n\r\n`, /\r\n\r\n$/));
  });

  it('of an upload that is given up', async () => {
    const before = server.lines().length;
    await giveUp(
      server.port,
      `POST /graphql HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer token-ada\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"query":"${canary}`,
    );
    responses.push(JSON.stringify(await eventually(() => server.lines().slice(before))));
  });

  it('of an error that the database or a resolver throws', async () => {
    await post({ query: '{ failing alsoFailing misreported }' });
    await post({ query: `query ${canary} { failing alsoFailing rejected }` });
  });
});
