import { expect } from 'chai';
import { getIntrospectionQuery, parse } from 'graphql';
import { defaultOperationLimits, maxTokens, rootFields } from '../../src/graphql/limits.js';
import { startServer, type TestServer, testSchema } from './fixture.js';

const limits = {
  ...defaultOperationLimits,
  depth: 7,
  aliases: 3,
  directives: 3,
  rootFields: 3,
  pageSize: 100,
  cost: 1_000,
};

describe('limits', () => {
  let server: TestServer;
  before(async () => {
    server = await startServer({ limits });
  });
  after(() => server.close());

  const refusal = (limit: string, allowed: number, noun: string) => ({
    status: 400,
    errors: [
      {
        message: `The operation asks for more than ${allowed} ${noun}.`,
        extensions: { code: 'BAD_USER_INPUT', limit, allowed },
      },
    ],
  });
  const refusalOf = async (query: string, variables?: unknown) => {
    const { status, body } = await server.send(query, variables);
    return { status, ...body };
  };
  const isAccepted = async (query: string, variables?: unknown) => {
    const { status, body } = await server.send(query, variables);
    expect({ status, errors: body.errors }).to.deep.equal({ status: 200, errors: undefined });
  };

  it('bound the depth, through fragments of both kinds', async () => {
    const tooDeep = refusal('depth', 7, 'levels of fields inside of each other');
    const nested = (levels: number) =>
      `{ ${'viewer { organization { '.repeat(levels / 2)} name ${'} } '.repeat(levels / 2)} }`;
    await isAccepted(nested(6));
    expect(await refusalOf(nested(8))).to.deep.equal(tooDeep);
    expect(
      await refusalOf(`{ viewer { ...O } } fragment O on Viewer { organization { ... { viewer { ...P } } } }
        fragment P on Viewer { organization { viewer { organization { viewer { name } } } } }`),
    ).to.deep.equal(tooDeep);
  });

  it('bound aliases, written out', async () => {
    const tooMany = refusal('aliases', 3, 'aliases');
    await isAccepted('{ viewer { a: name b: name c: name } }');
    expect(await refusalOf('{ viewer { a: name b: name c: name d: __typename } }')).to.deep.equal(tooMany);
    expect(
      await refusalOf(`{ viewer { ...A organization { viewer { ...A } } } } fragment A on Viewer { a: name b: id }`),
    ).to.deep.equal(tooMany);
  });

  it('bound directives wherever they stand', async () => {
    const tooMany = refusal('directives', 3, 'directives');
    const skip = '@skip(if: false)';
    await isAccepted(`{ viewer { name ${skip} id ${skip} ... ${skip} { id } } }`);
    expect(
      await refusalOf(`{ viewer { name ${skip} id ${skip} ... ${skip} { id } } viewer ${skip} { id } }`),
    ).to.deep.equal(tooMany);
  });

  it('bound the fields at the root, counting one that is merged once', async () => {
    await isAccepted(
      '{ viewer { id } viewer { name } failing: __typename secretKeys { edges { node { id } } } ...V } fragment V on Query { viewer { id } }',
    );
    expect(
      await refusalOf('{ viewer { id } failing alsoFailing ...V } fragment V on Query { rejected }'),
    ).to.deep.equal(refusal('rootFields', 3, 'fields at the root'));
  });

  it('bound the objects that pages multiply to, whatever the page sizes are given by', async () => {
    const tooCostly = refusal('cost', 1_000, 'objects');
    const nested = (keys: string, references: string) =>
      `{ secretKeys${keys} { edges { node { references${references} { edges { node { id } } } } } } }`;
    await isAccepted(nested('(first: 20)', '')); // 1 + 20 * (3 + 20 * 2) = 861
    expect(await refusalOf(nested('(first: 24)', ''))).to.deep.equal(tooCostly); // 1 + 24 * 43
    expect(await refusalOf(nested('', ''))).to.deep.equal(tooCostly); // the schema's 50 and 20
    expect(await refusalOf(nested('(last: 30)', '(last: 30)'))).to.deep.equal(tooCostly);
    await isAccepted(nested('(last: 3)', '(last: 30)'));

    const byVariable = `query ($n: Int = 2) ${nested('(first: $n)', '')}`;
    await isAccepted(byVariable);
    await isAccepted(byVariable, { n: 20 });
    expect(await refusalOf(byVariable, { n: 24 })).to.deep.equal(tooCostly);
    await isAccepted(byVariable, { n: 20 });
  });

  it('count a list that cannot be paged as twenty objects, so that lists inside of lists add up', async () => {
    const grants = (inner: string) => `{ secretKeys(first: 10) { edges { node { ${inner} } } } }`;
    await isAccepted(grants('grants { id }'));
    expect(await refusalOf(grants('grants { id versions(first: 5) { creator { id } } }'))).to.deep.equal(
      refusal('cost', 1_000, 'objects'),
    );
  });

  it('count a field for its complexity where it has one', async () => {
    const tooCostly = refusal('cost', 1_000, 'objects');
    const keys = (fields: string) => `{ secretKeys(first: 10) { edges { node { ${fields} } } } }`;
    await isAccepted(keys('history a: history b: history')); // 1 + 10 * (2 + 3 * 30) = 921
    await isAccepted(keys('uses { id creator { id } }')); // 1 + 10 * (2 + 30 * 2) = 621
    expect(await refusalOf(keys('uses { id creator { id } } history a: history'))).to.deep.equal(tooCostly); // 1,221
  });

  it('count a page of unknown size as the largest', async () => {
    const tooCostly = refusal('cost', 1_000, 'objects');
    const versions = (of: string) =>
      `{ secretKeys(first: 10) { edges { node { versions${of} { id } versions${of} { creator { id } } } } } }`;
    await isAccepted(versions('(first: 5)'));
    expect(await refusalOf(versions(''))).to.deep.equal(tooCostly);
    expect(await refusalOf(versions('(first: null)'))).to.deep.equal(tooCostly);
  });

  it('refuse a page of fewer than 1 or more than 100 by the name of the field', async () => {
    const refused = (message: string, field: string) => ({
      status: 400,
      errors: [{ message, extensions: { code: 'BAD_USER_INPUT', fields: [{ field, message: 'must be 1 to 100' }] } }],
    });
    const first = refused('Invalid input: secretKeys.first must be 1 to 100.', 'secretKeys.first');
    expect(await refusalOf('{ secretKeys(first: 101) { edges { node { id } } } }')).to.deep.equal(first);
    expect(await refusalOf('{ secretKeys(first: 0) { edges { node { id } } } }')).to.deep.equal(first);
    expect(await refusalOf('{ secretKeys(first: -1) { edges { node { id } } } }')).to.deep.equal(first);
    expect(
      await refusalOf('query ($n: Int) { secretKeys(first: $n) { edges { node { id } } } }', { n: 1e6 }),
    ).to.deep.equal(first);
    expect(await refusalOf('query ($n: Int = 999) { secretKeys(last: $n) { edges { node { id } } } }')).to.deep.equal(
      refused('Invalid input: secretKeys.last must be 1 to 100.', 'secretKeys.last'),
    );
  });

  it('let the introspection query of editors through, and bound deeper ones', async () => {
    await isAccepted(getIntrospectionQuery({ descriptions: true, inputValueDeprecation: true, oneOf: true }));
    const tooDeep = `{ __type(name: "SecretKey") { ${'ofType { '.repeat(20)} name ${'} '.repeat(20)} } }`;
    expect(await refusalOf(tooDeep)).to.deep.equal(refusal('introspectionDepth', 20, 'levels of introspection'));
  });

  it('refuse a document of too many tokens while it is parsed', async () => {
    const { status, body } = await server.send(`{ ${'viewer { id } '.repeat(maxTokens / 4)} }`);
    expect(status).to.equal(400);
    expect(body.errors?.map(({ message }) => message)).to.deep.equal([
      `The document has more than ${maxTokens} tokens (line 1, column 7001).`,
    ]);
  });

  it('refuse fragments that contain each other', async () => {
    const { status, body } = await server.send(
      '{ viewer { ...A } } fragment A on Viewer { organization { viewer { ...B } } } fragment B on Viewer { ...A }',
    );
    expect(status).to.equal(400);
    expect(body.errors?.map(({ message }) => message)).to.deep.equal([
      'A fragment contains itself (line 1, column 68).',
    ]);
  });

  it('measure fragments that double a hundred times without writing them out', async () => {
    const doubling = (body: (next: string) => string, length = 100) =>
      Array.from(
        { length },
        (_, n) => `fragment F${n} on SecretKey { ${body(n < length - 1 ? `...F${n + 1}` : 'id')} }`,
      ).join(' ');
    const inKey = (fragments: string) => `{ secretKeys { edges { node { ...F0 } } } } ${fragments}`;
    const message = async (query: string) => (await server.send(query)).body.errors?.map((error) => error.message);
    expect(await message(inKey(doubling((next) => `${next} ... { ${next} }`)))).to.deep.equal(undefined);
    expect(
      await message(
        inKey(doubling((next) => `versions(first: 2) { ${next} } references { edges { node { ${next} } } }`, 60)),
      ),
    ).to.deep.equal(['The operation asks for more than 7 levels of fields inside of each other.']);
    expect(await message(inKey(doubling((next) => `a: id ${next} ... { ${next} }`)))).to.deep.equal([
      'The operation asks for more than 3 aliases.',
    ]);
  });

  it('measure sums past every number as too much', async () => {
    const wide = await startServer({ limits: { ...limits, depth: Number.POSITIVE_INFINITY } });
    const fragments = Array.from(
      { length: 80 },
      (_, n) =>
        `fragment F${n} on SecretKey { versions(first: 100) { ${n < 79 ? `...F${n + 1} ... { ...F${n + 1} }` : 'id'} } }`,
    );
    const { body } = await wide.send(`{ secretKeys { edges { node { ...F0 } } } } ${fragments.join(' ')}`);
    await wide.close();
    expect(body.errors?.map(({ message }) => message)).to.deep.equal([
      'The operation asks for more than 1000 objects.',
    ]);
  });
});

describe('the root fields of an operation', () => {
  it('are those of its own selections and of its fragments, once for each name in the response', () => {
    const document = parse(`
      query { viewer { id } a: viewer { id } ... { viewer { name } } ...F ...F }
      fragment F on Query { failing ...G } fragment G on Query { ...F node(id: 1) { id } }
    `);
    const [operation] = document.definitions;
    if (operation?.kind !== 'OperationDefinition') throw new Error('not an operation');
    expect(testSchema().getQueryType()).not.to.equal(null);
    expect(rootFields(document, operation).map(({ alias, name }) => (alias ?? name).value)).to.deep.equal([
      'viewer',
      'a',
      'failing',
      'node',
    ]);
  });
});
