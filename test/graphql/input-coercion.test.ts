import { expect } from 'chai';
import { canary, startServer, type TestServer } from './fixture.js';

describe('variables', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer();
  });
  after(() => server.close());

  const create = 'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { id } }';
  const fieldsOf = async (query: string, variables: unknown) => {
    const { status, body, text } = await server.send(query, variables);
    expect(text).not.to.include(canary);
    expect({ status, data: body.data, errors: body.errors?.length }).to.deep.equal({
      status: 400,
      data: undefined,
      errors: 1,
    });
    const { code, fields } = (body.errors?.[0]?.extensions ?? {}) as {
      code?: string;
      fields?: readonly { field: string; message: string }[];
    };
    expect(code).to.equal('BAD_USER_INPUT');
    return fields?.map(({ field, message }) => `${field} ${message}`);
  };

  it('that fit are accepted, single values in place of lists included', async () => {
    const input = {
      name: 'n',
      value: canary,
      allowedHosts: 'example.org',
      owner: { person: '1' },
      expiresAt: '2030-01-01',
    };
    expect((await server.send(create, { input, [canary]: canary })).body).to.deep.equal({
      data: { createSecretKey: { id: 'k' } },
    });
  });

  it('are refused with one error that names every field, and with the whole answer', async () => {
    const { body } = await server.send(create, { input: { name: 7, value: null } });
    expect(body).to.deep.equal({
      errors: [
        {
          message: 'Invalid input: input.name has the wrong type; input.value is required.',
          extensions: {
            code: 'BAD_USER_INPUT',
            fields: [
              { field: 'input.name', message: 'has the wrong type' },
              { field: 'input.value', message: 'is required' },
            ],
          },
        },
      ],
    });
  });

  const good = { name: 'n', value: canary };
  const cases: readonly [guarantee: string, input: unknown, fields: readonly string[]][] = [
    ['that are missing', undefined, ['input is required']],
    ['that are null', null, ['input is required']],
    ['that are a text in place of an object', canary, ['input has the wrong type']],
    ['that are a list in place of an object', [canary], ['input has the wrong type']],
    ['without required fields', {}, ['input.name is required', 'input.value is required']],
    ['with a value of each wrong type', { ...good, value: { [canary]: canary } }, ['input.value has the wrong type']],
    ['with a number too large', { ...good, revision: 2 ** 40 }, ['input.revision has the wrong type']],
    ['with an unknown field', { ...good, [canary]: canary }, ['input has a field that is not known']],
    [
      'with several unknown fields',
      { ...good, [canary]: 1, x: 2, __proto: 3 },
      ['input has a field that is not known'],
    ],
    [
      'with an unknown and a missing field',
      { value: canary, [canary]: 1 },
      ['input.name is required', 'input has a field that is not known'],
    ],
    [
      'with an unknown enum value',
      { ...good, valueEncoding: canary },
      ['input.valueEncoding is not one of the allowed values'],
    ],
    ['with an enum of another type', { ...good, valueEncoding: 7 }, ['input.valueEncoding has the wrong type']],
    ['with a scalar that does not parse', { ...good, expiresAt: canary }, ['input.expiresAt is not a valid DateTime']],
    [
      'with wrong items of a list',
      { ...good, allowedHosts: [canary, 7, null] },
      ['input.allowedHosts[1] has the wrong type', 'input.allowedHosts[2] is required'],
    ],
    ['with a wrong single value for a list', { ...good, allowedHosts: 7 }, ['input.allowedHosts has the wrong type']],
    [
      'with a wrong object in a list',
      { ...good, grants: [{ granteeId: '1', permission: canary }, { granteeId: {} }] },
      [
        'input.grants[0].permission is not one of the allowed values',
        'input.grants[1].granteeId has the wrong type',
        'input.grants[1].permission is required',
      ],
    ],
    ['with two of one', { ...good, owner: { person: '1', group: '2' } }, ['input.owner must have exactly one field']],
    ['with none of one', { ...good, owner: {} }, ['input.owner must have exactly one field']],
    ['with null for one of one', { ...good, owner: { person: null } }, ['input.owner.person is required']],
  ];
  for (const [guarantee, input, fields] of cases) {
    it(`${guarantee} are refused by the fields' names: ${fields.join(', ')}`, async () => {
      expect(await fieldsOf(create, { input })).to.deep.equal(fields);
    });
  }

  it('are named after the argument that they are given to, not by their own names', async () => {
    const query = `mutation ($${canary}: String!, $b: [String!], $c: ID!) {
      createSecretKey(input: { name: "n", value: $${canary}, allowedHosts: $b }) { id }
      ...M
    }
    fragment M on Mutation { updateSecretValue(id: $c, value: "v") { id } }`;
    expect(await fieldsOf(query, { [canary]: 7, b: [null] })).to.deep.equal([
      'input.value has the wrong type',
      'input.allowedHosts[0] is required',
      'id is required',
    ]);
  });

  it('of another operation in the document do not name an argument of this one', async () => {
    const query = `query A($x: ID!) { secretKey(id: $x) { id } } query B($x: String) { secretKeys(filter: { search: $x }) { edges { node { id } } } }`;
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { authorization: 'Bearer token-ada', 'content-type': 'application/json' },
      body: JSON.stringify({ query, operationName: 'B', variables: { x: 7 } }),
    });
    const { errors } = (await response.json()) as { errors: unknown[] };
    expect(errors).to.deep.equal([
      {
        message: 'Invalid input: filter.search has the wrong type.',
        extensions: { code: 'BAD_USER_INPUT', fields: [{ field: 'filter.search', message: 'has the wrong type' }] },
      },
    ]);
  });

  it('are reported up to twenty problems', async () => {
    const fields = await fieldsOf(create, {
      input: { ...good, allowedHosts: Array.from({ length: 10_000 }, () => 7) },
    });
    expect(fields).to.deep.equal(Array.from({ length: 20 }, (_, n) => `input.allowedHosts[${n}] has the wrong type`));
  });
});
