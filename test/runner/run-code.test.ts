import { createHmac, createPrivateKey, createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { expect } from 'chai';
import { compactVerify, jwtVerify } from 'jose';
import type { SecretKeyId } from '../../src/ids.js';
import type { RunCodeStep } from '../../src/modules/workflow/step-definition.js';
import type { Template } from '../../src/modules/workflow/template.js';
import { newTeam, sharedApi, type Team, type TestApi } from '../support/api.js';
import { codeStep, type EndedRun, queueRun, requestStep, text, untilEnded } from '../support/queued-runs.js';
import { type ReflectingServer, startReflectingServer } from '../support/reflecting-server.js';
import { startTestRunner, type TestRunner } from '../support/runner.js';

const canary = 'canary-9a40c2be-not-a-real-key';
const allUses = ['RUN_CODE', 'HMAC', 'JWT', 'BASIC_AUTH'];
const key = (secretKeyId: string): Template => [{ kind: 'secretKey', secretKeyId: secretKeyId as SecretKeyId }];

describe('a run of Run Code', () => {
  let api: TestApi;
  let server: ReflectingServer;
  let runner: TestRunner;
  let team: Team;

  before(async () => {
    api = await sharedApi();
    server = await startReflectingServer();
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

  const newKey = async (input: object = {}): Promise<string> => {
    const data = await team.bob.data(
      'mutation ($input: CreateSecretKeyInput!) { createSecretKey(input: $input) { secretKey { id } } }',
      {
        input: {
          name: `Key ${Math.random()}`,
          value: canary,
          allowedHosts: [`http://${server.host}`],
          uses: allUses,
          ...input,
        },
      },
    );
    return data.createSecretKey.secretKey.id;
  };
  const runSteps = async (steps: Parameters<typeof queueRun>[3], input = {}): Promise<EndedRun> => {
    const id = await queueRun(api, team.organizationId, team.bob.id, steps, input);
    return untilEnded(api, team.organizationId, id);
  };
  /** One step, with KEY bound to the key when there is one. */
  const run = async (code: string, secretKeyId?: string, step: Partial<RunCodeStep> = {}): Promise<EndedRun> => {
    const variables = [
      { name: 'HOST', value: text(server.host) },
      ...(secretKeyId === undefined ? [] : [{ name: 'KEY', value: key(secretKeyId) }]),
    ];
    const ended = await runSteps([codeStep(team.bob.id, code, { variables, ...step })]);
    expect(JSON.stringify(ended)).not.to.include(canary);
    return ended;
  };
  const outputOf = (ended: EndedRun) => {
    expect(ended.error).to.equal(null);
    return ended.steps[0]?.output;
  };

  it('returns what the code returns, with earlier outputs and the input as constants', async () => {
    const first = codeStep(team.bob.id, 'console.log("one", 2); return { list: [1, INPUT.n], none: null }', {
      name: 'first',
      variables: [{ name: 'INPUT', value: [{ kind: 'input', path: [] }] }],
    });
    const second = codeStep(team.bob.id, 'return LIST.length + TEXT', {
      variables: [
        { name: 'LIST', value: [{ kind: 'output', step: 'first', path: ['list'] }] },
        {
          name: 'TEXT',
          value: [
            { kind: 'text', text: ' is ' },
            { kind: 'output', step: 'first', path: ['list', 1] },
          ],
        },
      ],
    });
    const ended = await runSteps([first, second], { n: 7 });
    expect(ended.state).to.equal('SUCCEEDED');
    expect(ended.steps.map(({ output }) => output)).to.deep.equal([{ list: [1, 7], none: null }, '2 is 7']);
    expect(ended.steps[0]?.logs?.map(({ level, text }) => ({ level, text }))).to.deep.equal([
      { level: 'info', text: 'one 2' },
    ]);
  });

  it('gives the server the value for a placeholder, and the code neither the value nor its echo', async () => {
    const id = await newKey();
    const ended = await run(
      `const response = await fetch('http://' + HOST + '/', { headers: { authorization: 'Bearer ' + KEY } });
       const got = await response.json();
       return { echo: got.headers.authorization, header: response.headers.get('x-echo'), key: KEY.length > 30, seen: [...KEY].reverse().join('') };`,
      id,
    );
    expect(server.received.map(({ headers }) => headers.authorization)).to.deep.equal([`Bearer ${canary}`]);
    expect(outputOf(ended)).to.deep.include({ echo: 'Bearer [redacted]', header: 'Bearer [redacted]', key: true });
  });

  it('lets btoa and basicAuth make Basic credentials that the server can read', async () => {
    const id = await newKey();
    const ended = await run(
      `const url = 'http://' + HOST + '/';
       await fetch(url, { headers: { authorization: 'Basic ' + btoa('user:' + KEY) } });
       await fetch(url, { headers: { authorization: await basicAuth('user', KEY) } });
       return btoa('user:' + KEY);`,
      id,
    );
    outputOf(ended);
    const credentials = `Basic ${Buffer.from(`user:${canary}`).toString('base64')}`;
    expect(server.received.map(({ headers }) => headers.authorization)).to.deep.equal([credentials, credentials]);
    expect(JSON.stringify(ended)).not.to.include(credentials.slice(12, 40));
  });

  it('takes base64 of base64 for letters, so that no value comes back under a layer that nobody looks under', async () => {
    const id = await newKey({ placements: ['HEADER', 'QUERY', 'BODY'] });
    const ended = await run(
      `const said = [];
       for (const make of [() => btoa(btoa(KEY)), () => btoa('x' + btoa('user:' + KEY)), async () => btoa(await basicAuth('user', KEY)), () => basicAuth('user', btoa(KEY))]) {
         try { await make(); said.push('made') } catch (error) { said.push(error.message) }
       }
       const [, name] = KEY.split('placeholder_');
       const inner = btoa(KEY);
       const hidden = 'nightsafe_derived_' + name + '_' + encode(inner) + '.end';
       await fetch('http://' + HOST + '/?q=' + hidden, { method: 'POST', body: hidden });
       return said;
       function encode(text) {
         // What btoa would make of the letters, were it not to refuse them.
         const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
         let bits = '';
         for (const letter of text) bits += letter.charCodeAt(0).toString(2).padStart(8, '0');
         return bits.match(/.{1,6}/g).map((six) => alphabet[parseInt(six.padEnd(6, '0'), 2)]).join('');
       }`,
      id,
    );
    const refused = 'The text has the base64 of a key in it: there is no base64 of that.';
    expect(outputOf(ended)).to.deep.equal([
      refused,
      refused,
      refused,
      'the base64 of a key cannot be used for BASIC_AUTH',
    ]);
    const [{ url, body } = { url: '', body: '' }] = server.received;
    for (const sent of [new URL(url, 'http://a').searchParams.get('q') ?? '', body]) {
      expect(Buffer.from(sent, 'base64').toString()).to.match(/^nightsafe_derived_[\w-]{22}_[\w-]+\.end$/);
    }
  });

  it('masks the base64 of a value wherever code gets it back, and to its last character', async () => {
    const id = await newKey({ placements: ['HEADER', 'QUERY', 'BODY'] });
    const ended = await run(
      `const spaced = (text) => text.split('').join(' ');
       const made = btoa('user-1:' + KEY);
       const response = await fetch('http://' + HOST + '/?q=' + made, { method: 'POST', headers: { authorization: 'Basic ' + made }, body: made });
       const got = await response.json();
       return [response.url, got.url, got.headers.authorization, got.body, response.headers.get('x-echo')].map(spaced);`,
      id,
    );
    const sent = Buffer.from(`user-1:${canary}`).toString('base64');
    expect(server.received.map(({ body }) => body)).to.deep.equal([sent]);
    const spaced = (text: string): string => text.split('').join(' ');
    const left = `${sent.slice(0, 9)}[redacted]`;
    expect(outputOf(ended)).to.deep.equal([
      spaced(`http://${server.host}/?q=${left}`),
      spaced(`/?q=${left}`),
      spaced(`Basic ${left}`),
      spaced(left),
      spaced(`Basic ${left}`),
    ]);
  });

  it('makes MACs that are right, and masks them in what is kept', async () => {
    const id = await newKey();
    const ended = await run(
      `const mac = await crypto.hmac({ key: 'AWS4' + KEY, data: 'text', hash: 'SHA-256', encoding: 'hex' });
       await fetch('http://' + HOST + '/', { method: 'POST', body: mac });
       return mac;`,
      id,
    );
    const mac = createHmac('sha256', `AWS4${canary}`).update('text').digest('hex');
    expect(server.received.map(({ body }) => body)).to.deep.equal([mac]);
    expect(outputOf(ended)).to.equal('[redacted]');
    expect(ended.steps[0]?.receipt).to.deep.equal([
      { secretKeyId: id, origin: 'HMAC', place: 'OUTPUT', at: '$', encoding: 'hex', count: 1 },
    ]);
  });

  it('signs tokens that verify, with a shared secret and with a private key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const code = (algorithm: string) =>
      `await fetch('http://' + HOST + '/', { method: 'POST', body: await jwt.sign({ key: KEY, algorithm: '${algorithm}', payload: { sub: 'bob' }, expiresIn: 60 }) }); return 'sent'`;
    outputOf(await run(code('HS256'), await newKey()));
    outputOf(await run(code('ES256'), await newKey({ value: pem })));
    const [shared = '', signed = ''] = server.received.map(({ body }) => body);
    const { payload } = await jwtVerify(shared, createSecretKey(canary, 'utf8'));
    expect({ sub: payload.sub, lasts: (payload.exp ?? 0) - (payload.iat ?? 0) }).to.deep.equal({
      sub: 'bob',
      lasts: 60,
    });
    expect((await compactVerify(signed, publicKey)).protectedHeader).to.deep.equal({ typ: 'JWT', alg: 'ES256' });
  });

  for (const [name, given] of [
    ['text around it', "KEY + 'A'"],
    ['text before it', "'A' + KEY"],
    ['its base64', 'btoa(KEY)'],
    ['its base64 in a private key', "'-----BEGIN PRIVATE KEY-----\\n' + btoa(KEY) + '\\n-----END PRIVATE KEY-----'"],
    ['itself twice', 'KEY + KEY'],
    ['text of the code', "'a secret of the code'"],
  ] as const) {
    it(`signs no token with a key that is a value with ${name}`, async () => {
      const id = await newKey();
      for (const algorithm of ['HS256', 'RS256']) {
        const ended = await run(
          `try { return await jwt.sign({ key: ${given}, algorithm: '${algorithm}', payload: {} }) } catch (error) { return error.message }`,
          id,
        );
        expect(outputOf(ended)).to.equal(
          given.includes('btoa')
            ? 'the base64 of a key cannot be used for JWT'
            : 'jwt.sign: the key must be the placeholder of a key, with nothing around it',
        );
      }
    });
  }

  it('says the same of every value that an algorithm cannot sign with', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const number = (bits: number): string => Buffer.alloc(bits / 8, 0xc5).toString('base64url');
    const half = number(4104);
    const long = {
      kty: 'RSA',
      n: number(8208),
      e: 'AQAB',
      d: number(8208),
      p: half,
      q: half,
      dp: half,
      dq: half,
      qi: half,
    };
    const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
    for (const [value, algorithm] of [
      [canary, 'RS256'],
      [canary, 'EdDSA'],
      [pem(privateKey), 'RS256'],
      [pem(privateKey), 'ES384'],
      [pem(createPrivateKey({ key: long, format: 'jwk' })), 'RS256'],
    ] as const) {
      const ended = await run(
        `try { return await jwt.sign({ key: KEY, algorithm: '${algorithm}', payload: {} }) } catch (error) { return error.message }`,
        await newKey({ value }),
      );
      expect(outputOf(ended), algorithm).to.equal('jwt.sign: the key does not fit the algorithm');
    }
  });

  it('makes no MAC that tells how long a value is, nor one with its base64', async () => {
    const zeros = await newKey({ value: 'zeros\0\0\0\0' });
    const id = await newKey();
    const variables = [
      { name: 'KEY', value: key(id) },
      { name: 'ZEROS', value: key(zeros) },
    ];
    const ended = await run(
      `const said = [];
       for (const key of [KEY + '\\0', KEY + '\\0a', KEY + ZEROS, btoa(KEY)]) {
         try { said.push(await crypto.hmac({ key, data: 'x' })) } catch (error) { said.push(error.message) }
       }
       return said;`,
      undefined,
      { variables },
    );
    expect(outputOf(ended)).to.deep.equal([
      ...Array(3).fill('crypto.hmac: the key has a NUL character in it'),
      'the base64 of a key cannot be used for HMAC',
    ]);
  });

  it('signs tokens of bounded claims alone', async () => {
    const ended = await run(
      `const said = [];
       for (const claims of [{ payload: { a: 'x'.repeat(8185) } }, { header: { a: 'x'.repeat(4089) }, payload: {} }, { header: { a: 'x'.repeat(4088) }, payload: { a: 'x'.repeat(8184) } }]) {
         try { said.push((await jwt.sign({ key: KEY, algorithm: 'HS256', ...claims })).length > 16000) } catch (error) { said.push(error.message) }
       }
       return said;`,
      await newKey(),
    );
    expect(outputOf(ended)).to.deep.equal([
      'jwt.sign: payload may have 8 KiB as JSON',
      'jwt.sign: header may have 4 KiB as JSON',
      true,
    ]);
  });

  it('makes a hundred MACs, tokens and base64 texts in a run, or 128 KiB of them, and no more', async () => {
    const said = 'The run has had as many MACs, tokens and base64 of keys made as it may.';
    const id = await newKey();
    const many = await run(
      `const mac = (data) => crypto.hmac({ key: KEY, data });
       for (let i = 0; i < 99; i++) await mac('data ' + i);
       const token = { key: KEY, algorithm: 'HS256', payload: { iat: 1 } };
       await jwt.sign(token); await jwt.sign(token); await mac('data 7');
       const said = [];
       for (const make of [() => mac('one more'), () => jwt.sign({ ...token, payload: { iat: 2 } }), () => fetch('http://' + HOST + '/', { headers: { authorization: btoa('a:' + KEY) } })]) {
         try { await make(); said.push('made') } catch (error) { said.push(error.message) }
       }
       return said;`,
      id,
    );
    expect(outputOf(many)).to.deep.equal([said, said, said]);
    expect(server.received).to.deep.equal([]);
    const large = await run(
      `let made = 0;
       try { for (;; made++) await jwt.sign({ key: KEY, algorithm: 'HS256', payload: { made, a: 'x'.repeat(8000) } }) } catch (error) { return [made, error.message] }`,
      id,
    );
    expect(outputOf(large)).to.deep.equal([12, said]);
  });

  for (const [use, call] of [
    ['HMAC', `crypto.hmac({ key: KEY, data: 'x', hash: 'SHA-256', encoding: 'hex' })`],
    ['JWT', `jwt.sign({ key: KEY, algorithm: 'HS256', payload: {} })`],
    ['BASIC_AUTH', `basicAuth('user', KEY)`],
    ['BASIC_AUTH', `fetch('http://' + HOST + '/', { headers: { authorization: 'Basic ' + btoa('user:' + KEY) } })`],
    ['BASIC_AUTH', `fetch('http://' + HOST + '/?q=' + btoa('user:' + KEY))`],
    ['BASIC_AUTH', `fetch('http://' + HOST + '/', { method: 'POST', body: btoa('user:' + KEY) })`],
  ] as const) {
    it(`refuses ${call.replace("'http://' + HOST + ", '')} for a key that is not meant for ${use}`, async () => {
      const id = await newKey({ uses: ['RUN_CODE'], placements: ['HEADER', 'QUERY', 'BODY'] });
      const ended = await run(`try { await ${call}; return 'done' } catch (error) { return error.message }`, id);
      expect(outputOf(ended)).to.match(new RegExp(`the key is not meant for ${use}`));
      expect(server.received).to.deep.equal([]);
    });
  }

  it('refuses MACs and tokens with a value that could be guessed', async () => {
    const id = await newKey({ value: '1234567' });
    const ended = await run(
      `try { return await crypto.hmac({ key: KEY, data: 'x', hash: 'SHA-256', encoding: 'hex' }) } catch (error) { return error.message }`,
      id,
    );
    expect(outputOf(ended)).to.match(/too short for HMAC/);
  });

  it('keeps fetch to the rules of the door', async () => {
    const id = await newKey();
    const ended = await run(
      `const tries = [
         () => fetch('http://' + HOST + '/?q=' + KEY),
         () => fetch('https://' + KEY + '.example.com/'),
         () => fetch('http://127.0.0.1:9/'),
         () => fetch('file:///etc/passwd'),
       ];
       const said = [];
       for (const attempt of tries) { try { await attempt(); said.push('sent') } catch (error) { said.push(error.name) } }
       return said;`,
      id,
    );
    expect(outputOf(ended)).to.deep.equal(Array(4).fill('TypeError'));
    expect(server.received).to.deep.equal([]);
  });

  it('says where code threw, and stops code that computes too long', async () => {
    const threw = await run('const a = 1;\n\nthrow new RangeError("too much")');
    expect(threw.error).to.deep.equal({
      code: 'CODE_THREW',
      message: 'RangeError: too much',
      secretKeyId: null,
      field: null,
      line: 3,
    });
    const endless = await run('for (;;) {}');
    expect(endless.error?.code).to.equal('CODE_STOPPED');
    const waiting = await run('await new Promise(() => setTimeout(() => {}, 60_000))', undefined, {
      timeoutSeconds: 1,
    });
    expect(waiting.error?.code).to.equal('TIMED_OUT');
  });

  describe('with a key that allows raw use', () => {
    const raw = { uses: ['RUN_CODE', 'RAW'], rawReason: 'a signature that only code can make' };

    it('gives code the value, withholds what it leaves, and sends to the hosts of the key alone', async () => {
      const id = await newKey(raw);
      const ended = await run(
        `console.log(KEY);
         await fetch('http://' + HOST + '/', { method: 'POST', body: [...KEY].reverse().join('') });
         try { await fetch('https://example.com/?q=' + KEY) } catch (error) { console.log(error.message) }
         return KEY.slice(1, 9)`,
        id,
      );
      expect(server.received.map(({ body }) => body)).to.deep.equal([[...canary].reverse().join('')]);
      expect(ended.steps.map(({ output, logs }) => ({ output, logs: logs?.map(({ text }) => text) }))).to.deep.equal([
        { output: null, logs: ['Output and logs are withheld: the code had the value of a key.'] },
      ]);
    });

    it('withholds what an error says', async () => {
      const ended = await run('throw new Error(KEY.slice(1, 9))', await newKey(raw));
      expect(ended.error).to.deep.include({
        code: 'CODE_THREW',
        message: 'The code failed; what it said is withheld, since it had the value of a key.',
        line: null,
      });
      expect(JSON.stringify(ended)).not.to.include(canary.slice(1, 9));
    });

    it('is refused for a value that could not be masked', async () => {
      const id = await newKey({ value: '1234567' });
      await team.bob.data(
        'mutation ($input: SetSecretUseInput!) { setSecretUse(input: $input) { secretKey { id } } }',
        {
          input: { id, ...raw },
        },
      );
      const ended = await run('return 1', id);
      expect(ended.error?.code).to.equal('SECRET_KEY_USE_NOT_ALLOWED');
    });
  });

  it('gives a later request what code returned, and code what a request was answered', async () => {
    const first = requestStep(team.bob.id, { name: 'first', url: text(`http://${server.host}/first`) });
    const second = codeStep(team.bob.id, 'return { path: ANSWER.body.url + "/second" }', {
      name: 'second',
      variables: [{ name: 'ANSWER', value: [{ kind: 'output', step: 'first', path: [] }] }],
    });
    const third = requestStep(team.bob.id, {
      url: [...text(`http://${server.host}`), { kind: 'output', step: 'second', path: ['path'] }],
    });
    expect((await runSteps([first, second, third])).state).to.equal('SUCCEEDED');
    expect(server.received.map(({ url }) => url)).to.deep.equal(['/first', '/first/second']);
  });
});
