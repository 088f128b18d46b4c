import { expect } from 'chai';
import { getNamedType, getNullableType, isInputObjectType, isListType } from 'graphql';
import { loadPolicies } from '../../src/authz/index.js';
import { buildGuardedSchema } from '../../src/graphql/schema.js';
import { newTeam, startTestApi, type Team, type TestApi, tokenFor } from '../support/api.js';
import { createKey, deleteKey, uniqueName } from '../support/secret-keys.js';
import { openStoredValue } from '../support/stored.js';
import {
  EnumName,
  type Input,
  type Operation,
  operationsOf,
  type Position,
  positionsOf,
  putAt,
  type Request,
  requiredArguments,
  type Sample,
  withLiterals,
  withOneVariable,
  withVariables,
} from './positions.js';
import { filesOf, tablesOf } from './storage.js';
import { canaryOf } from './traces.js';
import { Traffic } from './traffic.js';

/** Goes wherever a secret value can be put, rightly or by mistake. */
const secret = canaryOf('canarySecretQ7fJ2', 'notARealValueXk93');
/** Goes where a text is kept on purpose: names, descriptions, addresses. */
const kept = canaryOf('canaryKeptTextW5', 'shownToReadersHm4');

const keptFields = new Set(['name', 'description', 'rawReason', 'email', 'subject', 'issuer', 'allowedHosts']);
const isKept = ({ path }: Position): boolean => keptFields.has(String(path.findLast((key) => key !== 0)));

describe('a secret value is nowhere after every kind of request', () => {
  let api: TestApi;
  let team: Team;
  let traffic: Traffic;
  let keyId: string;
  let schemaPositions = 0;

  before(async function () {
    this.timeout(300_000);
    api = await startTestApi();
    team = await newTeam(api);
    traffic = new Traffic(api.port, team.alice.token);
    keyId = await createKey(team.alice, { name: 'Held', value: secret.text });
    const spare = await createKey(team.alice);
    const deleted = await createKey(team.alice);
    await deleteKey(team.alice, deleted);

    const operations = operationsOf(buildGuardedSchema(loadPolicies(api.config.policiesFolder)));
    const sample = samplesFor({ spare, deleted });
    for (const operation of operations) {
      schemaPositions += positionsOf(operation).length;
      await traffic.sendAll(requestsFor(operation, sample));
    }
    await sendAroundOperations();
  });
  after(() => api.close());

  function samplesFor({ spare, deleted }: { readonly spare: string; readonly deleted: string }): Sample {
    const idOf = (operation: string, field: string): string => {
      if (/^(grantee|actor|member)Id$/.test(field)) return team.bob.id;
      if (field === 'groupId' || /Group$|^group/.test(operation)) return team.growth;
      if (field === 'serviceAccountId' || /ServiceAccount/i.test(operation)) return team.deployBot.id;
      if (/Member/i.test(operation)) return team.carol.id;
      return operation === 'deleteSecretKey' ? spare : operation === 'restoreSecretKey' ? deleted : keyId;
    };
    return ({ name }, path, type): Input => {
      const field = String(path.findLast((key) => key !== 0));
      switch (getNamedType(type).name) {
        case 'ID':
          return idOf(name, field);
        case 'Int':
          return 1;
        case 'Boolean':
          return true;
        case 'DateTime':
          return '2099-01-31T09:30:00Z';
        default:
          if (field === 'value') return secret.text;
          if (field === 'allowedHosts') return 'api.example.com';
          return field === 'email' ? 'ada@team.example' : field === 'name' ? uniqueName() : `sample-${uniqueName('')}`;
      }
    };
  }

  /** Well-formed and malformed requests for each place of an operation; a `value` beside it is always the secret. */
  function requestsFor(operation: Operation, sample: Sample): { readonly title: string; readonly body: Request }[] {
    const { text } = secret;
    const base = () => requiredArguments(operation, sample);
    const requests: { readonly title: string; readonly body: Request }[] = [];
    const add = (title: string, ...bodies: readonly Request[]): void => {
      for (const body of bodies) requests.push({ title: `${operation.name} ${title}`, body });
    };
    const addBoth = (title: string, args: { readonly [name: string]: Input }): void =>
      add(title, withLiterals(operation, args), withVariables(operation, args));

    addBoth('as required', base());
    addBoth('with an unknown argument', { ...base(), [text]: text });
    for (const position of positionsOf(operation)) {
      const place = position.path.join('.');
      const put = (content: Input | undefined) => putAt(operation, base(), position.path, content, sample);
      const type = getNullableType(position.type);
      const hasMembers = isInputObjectType(getNamedType(type));
      const keepsList = isKept(position) && isListType(type);
      const fitting = isKept(position) ? keptContentOf(position) : text;
      if (!hasMembers) {
        addBoth(`with a text at ${place}`, put(fitting));
        add(`with a variable at ${place}`, ...withOneVariable(operation, base(), position, text, fitting, sample));
      }
      const misfits: Input[] = [{ [text]: text }, [[{ [text]: text }]], [[text]], null, ...(keepsList ? [] : [[text]])];
      for (const misfit of misfits) addBoth(`with a misfit at ${place}`, put(misfit));
      add(`with a name at ${place}`, withLiterals(operation, put(new EnumName(text))));
      add(
        `with a misfit in a variable at ${place}`,
        ...withOneVariable(operation, base(), position, text, { [text]: text }, sample),
      );
      addBoth(`without ${place}`, put(undefined));
      addBoth(
        `with an unknown field beside ${place}`,
        putAt(operation, base(), [...position.path.slice(0, -1), text], text, sample),
      );
      if (hasMembers) addBoth(`with a text for an object at ${place}`, put(text));
    }
    // Names that a caller makes up come back in an answer; where there is none, they do not.
    const { kind, name } = operation;
    add('under made-up names', {
      query: `${kind} ${text} { ${text}: ${name}(${text}: "${text}") { ${text}: ${text} ...${text} } } fragment ${text} on ${text} { ${text} }`,
    });
    add('with directives', {
      query: `${kind} @${text}(${text}: "${text}") { ${name} @include(if: "${text}") @skip(if: $${text}) { id @${text} } }`,
    });
    add('cut off', { query: `${withLiterals(operation, { ...base(), value: text }).query.slice(0, -2)} "${text}` });
    return requests;
  }

  function keptContentOf({ path }: Position): Input {
    const field = path.findLast((key) => key !== 0);
    const text = `${kept.text} ${uniqueName()}`;
    if (field === 'email') return `${kept.text}@team.example`;
    if (field === 'allowedHosts') return `${kept.text.replaceAll('_', '.')}.example`;
    return field === 'subject' || field === 'issuer' ? text.replaceAll(' ', '-') : text;
  }

  /** What goes wrong before there is an operation, or around it. */
  async function sendAroundOperations(): Promise<void> {
    const { text } = secret;
    const viewer = '{"query":"{ viewer { id } }"}';
    const create = (name: string, value = text) =>
      JSON.stringify({
        query: 'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
        variables: { input: { name, value } },
      });

    for (const query of [
      text,
      `{ ${text}`,
      `"${text}`,
      `"""${text}`,
      `# ${text}\n{`,
      `{ viewer(id: "${text}\\u{}") { id } }`,
      `{ viewer @ ${text} { id } }`,
      `query { viewer { id } } type ${text} { id: ID }`,
      `query ${text} { viewer { id } } query ${text} { viewer { id } }`,
      `query ($${text}: ${text}) { viewer { id } }`,
      `query ($${text}: String = "${text}") { viewer { id } }`,
      `{ viewer { ...${text} } }`,
      `{ viewer { ... on ${text} { id } } }`,
      `{ ${`${text} `.repeat(900)}`,
      `{ ${Array.from({ length: 40 }, (_, index) => `${text}${index}: viewer { id }`).join(' ')} }`,
      `subscription ${text} { ${text} }`,
    ]) {
      await traffic.send('a document that is none', { body: JSON.stringify({ query, variables: { [text]: text } }) });
    }
    for (const body of [
      text,
      `"${text}"`,
      `{"query":"${text}`,
      JSON.stringify([{ query: text }]),
      JSON.stringify({ query: { [text]: text } }),
      JSON.stringify({ query: '{ viewer { id } }', variables: text }),
      JSON.stringify({ query: '{ viewer { id } }', variables: [text] }),
      JSON.stringify({ query: '{ viewer { id } }', extensions: text }),
      JSON.stringify({ query: '{ viewer { id } }', operationName: text }),
      JSON.stringify({ query: `query ${text} { viewer { id } }`, operationName: text }),
      JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: text } } }),
      JSON.stringify({ [text]: text }),
      Buffer.concat([Buffer.from(`{"query":"${text}`), Buffer.from([0xff, 0xfe])]),
    ]) {
      await traffic.send('a body that is no operation', { body });
    }
    for (const value of ['', 'a', `${text}\n`, ` ${text} `, `ü"\\${text}\u2028`, text.repeat(2_500)]) {
      await traffic.send('a value of another kind', { body: create(uniqueName(), value) });
    }
    await traffic.send('a value in base64', {
      body: create(uniqueName(), Buffer.from(text).toString('base64')).replace(
        '"value"',
        '"valueEncoding":"BASE64","value"',
      ),
    });
    await traffic.send('a value that is no base64', {
      body: create(uniqueName()).replace('"value"', '"valueEncoding":"BASE64","value"'),
    });

    const unsigned = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    const subject = await tokenFor(text, { name: text, email: `${text}@team.example` });
    for (const headers of [
      { 'content-type': 'text/plain' },
      { 'content-type': text },
      { 'content-type': `application/json; charset=${text}` },
      { 'content-encoding': text },
      { accept: text },
      { accept: `${text}/${text}, application/json;q=${text}` },
      { 'idempotency-key': text },
      { 'idempotency-key': `${text} ${text}` },
      { 'idempotency-key': text.repeat(9) },
      { 'x-request-id': `${text}.${text}` },
      { 'x-request-id': text.repeat(9) },
      { 'nightsafe-organization': text },
      { authorization: text },
      { authorization: `Basic ${text}` },
      { authorization: `Bearer ${text}` },
      { authorization: `Bearer ${text} ${text}` },
      { authorization: `Bearer ns_${text}` },
      { authorization: `Bearer ${team.deployBot.token}${text}` },
      { authorization: `Bearer ${unsigned({ alg: 'none', kid: text })}.${unsigned({ sub: text, iss: text })}.` },
      { authorization: `Bearer ${unsigned({ alg: 'EdDSA', kid: text })}.${unsigned({ iss: text })}.${text}` },
      { authorization: `Bearer ${subject}` },
      { cookie: text, origin: `https://${text}.example`, referer: text, 'user-agent': text },
      { 'x-forwarded-for': text, 'x-apollo-operation-name': text, [text.replaceAll('_', '-')]: text },
      { expect: text },
    ] as readonly Record<string, string>[]) {
      await traffic.send('a header', { headers, body: viewer });
      await traffic.send('a header beside a value', { headers, body: create(uniqueName()) });
    }
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS']) {
      for (const path of [
        `/graphql?query=${text}&variables={"${text}":1}`,
        `/${text}`,
        `/graphql/${text}`,
        `/playground/${text}`,
        `/healthz?${text}`,
        `/readyz?${text}`,
        `/%${text}`,
      ]) {
        await traffic.send('a path', { method, path, headers: { accept: `text/html, ${text}` } });
      }
    }
    const head = (rest: string): string =>
      `POST /graphql HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer ${team.alice.token}\r\nContent-Type: application/json\r\n${rest}`;
    const tooLarge = JSON.stringify({ query: '{ viewer { id } }', padding: text.repeat(10_000) });
    await traffic.send('a body that is too large', { body: tooLarge });
    await traffic.sendBytes(
      'a body that is too large, in chunks',
      head(`Transfer-Encoding: chunked\r\n\r\n${tooLarge.length.toString(16)}\r\n${tooLarge}\r\n0\r\n\r\n`),
    );
    await traffic.sendBytes('chunks that are none', head(`Transfer-Encoding: chunked\r\n\r\n${text}\r\n`));
    await traffic.sendBytes('a length that is none', head(`Content-Length: ${text}\r\n\r\n`));
    await traffic.sendBytes('a header that is none', `POST /graphql HTTP/1.1\r\n${text}\r\n\r\n`);
    await traffic.sendBytes('no HTTP at all', `${text} /${text} HTTP/9\r\n\r\n`);
    const whole = create(uniqueName());
    await traffic.abandon(head(`Content-Length: 900\r\n\r\n{"query":"${text}`));
    await traffic.abandon(head(`Transfer-Encoding: chunked\r\n\r\nff\r\n{"query":"${text}`));
    await traffic.abandon(head(`X-Cut-Off: ${text}`));
    await traffic.abandon(head(`Content-Length: ${whole.length}\r\n\r\n${whole}`));
    const short = viewer.replace('}"', ` ${text}"`);
    await traffic.sendBytes('a body that is longer than it says', head(`Content-Length: 10\r\n\r\n${short}`));
    await traffic.send('what comes after all others', { body: viewer });
  }

  it('though it was put into every place of every operation, and often rightly', async () => {
    expect(schemaPositions).to.be.greaterThan(100);
    expect(traffic.exchanges.length).to.be.greaterThan(10 * schemaPositions);
    const created = traffic.exchanges.filter(({ response }) => response.includes('"createSecretKey":{"secretKey":{'));
    expect(created.length).to.be.greaterThan(20);
    const replaced = traffic.exchanges.filter(({ response }) =>
      response.includes('"updateSecretValue":{"secretKey":{'),
    );
    expect(replaced.length).to.be.greaterThan(4);
    expect((await openStoredValue(team, keyId)).toString()).to.equal(secret.text);
  });

  it('though no request made the api fail', () => {
    const failed = traffic.exchanges.filter(({ response }) => /"INTERNAL"/.test(response)).map(({ title }) => title);
    expect(failed).to.deep.equal([]);
    expect(api.log.filter((line) => /"level":"(error|fatal)"/.test(line))).to.deep.equal([]);
  });

  it('in the responses, bodies and headers', () => {
    const leaks = traffic.exchanges.filter(({ response }) => secret.traces(response).length > 0);
    expect(leaks.map(({ title }) => title)).to.deep.equal([]);
    expect(traffic.exchanges.some(({ response }) => kept.traces(response).length > 0)).to.equal(true);
  });

  it('in the log, and neither are texts that are kept', () => {
    expect(api.log.filter((line) => secret.traces(line).length > 0)).to.deep.equal([]);
    expect(api.log.filter((line) => kept.traces(line).length > 0)).to.deep.equal([]);
    expect(api.log.length).to.be.greaterThan(traffic.exchanges.length / 2);
  });

  it('in the tables of the database, the audit log among them', async () => {
    const tables = await tablesOf(api);
    const withTraces = (canary: typeof secret) =>
      [...tables].filter(([, text]) => canary.traces(Buffer.from(text, 'latin1')).length > 0).map(([name]) => name);
    expect(withTraces(secret)).to.deep.equal([]);
    expect(withTraces(kept)).to.include.members(['secret_key', 'audit_event', 'grantee']);
  });

  it('in the files of the api, the bytes of its database and of the log of its writes among them', () => {
    const files = [...filesOf(api)];
    expect(files.filter(([, bytes]) => secret.traces(bytes).length > 0).map(([name]) => name)).to.deep.equal([]);
    const expected = api.config.database.kind === 'sqlite' ? ['nightsafe.sqlite', 'nightsafe.sqlite-wal'] : [];
    const withKept = files.filter(([, bytes]) => kept.traces(bytes).length > 0).map(([name]) => name);
    expect(withKept.sort()).to.deep.equal(expected);
  });
});
