import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mock } from 'node:test';
import { expect } from 'chai';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import { createJwtVerifier } from '../../src/authentication/json-web-token.js';
import { isKeySetUrl, type JwtProvider } from '../../src/authentication/jwt-provider.js';
import { answerOf } from './answer.js';

const start = 1_800_000_000;
const issuer = 'https://id.example.test';

async function signingKey(kid: string): Promise<{ jwk: JWK; tokenFor(subject: string): Promise<string> }> {
  const { privateKey, publicKey }: { privateKey: CryptoKey; publicKey: CryptoKey } = await generateKeyPair('EdDSA');
  return {
    jwk: { ...(await exportJWK(publicKey)), kid },
    tokenFor: (sub) =>
      new SignJWT({ iss: issuer, aud: 'nightsafe', sub, exp: start + 86_400 })
        .setProtectedHeader({ alg: 'EdDSA', kid })
        .sign(privateKey),
  };
}

/** An issuer on this machine: what it answers can be changed, and its requests are counted. */
async function keyServer() {
  const state: { requests: number; answer: RequestListener } = { requests: 0, answer: (_, response) => response.end() };
  const server = createServer((request, response) => {
    state.requests += 1;
    state.answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(state, {
    url: `http://127.0.0.1:${port}/keys`,
    publish(...keys: JWK[]) {
      state.answer = (_, response) => response.end(JSON.stringify({ keys }));
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

describe('authentication/json-web-token: keys at a URL', () => {
  let server: Awaited<ReturnType<typeof keyServer>>;
  let first: Awaited<ReturnType<typeof signingKey>>;
  let second: Awaited<ReturnType<typeof signingKey>>;
  let provider: JwtProvider;

  before(async () => {
    [first, second] = await Promise.all([signingKey('first'), signingKey('second')]);
  });
  beforeEach(async () => {
    mock.timers.enable({ apis: ['Date'], now: start * 1000 });
    server = await keyServer();
    server.publish(first.jwk);
    const keys = { url: server.url };
    provider = { issuer, audience: 'nightsafe', algorithms: ['EdDSA'], clockToleranceSeconds: 0, keys };
  });
  afterEach(async () => {
    mock.timers.reset();
    await server.close();
  });

  const person = (subject: string) => ({ issuer, subject });
  const unknownKey = {
    code: 'UNAUTHENTICATED',
    message: 'The bearer token is not valid.',
    extensions: {},
    detail: 'ERR_JWKS_NO_MATCHING_KEY',
  };
  const unavailable = (reason: string) => ({
    code: 'INTERNAL',
    message: 'Sign-in is not available at the moment.',
    extensions: {},
    detail: `The keys of ${issuer} cannot be read: ${reason}`,
  });

  it('are fetched once for many tokens that come together', async () => {
    const verify = createJwtVerifier([provider]);
    expect(server.requests).to.equal(0);
    const subjects = Array.from({ length: 20 }, (_, index) => `person-${index}`);
    const people = await Promise.all(subjects.map(async (subject) => verify(await first.tokenFor(subject))));
    expect(people).to.deep.equal(subjects.map(person));
    expect(server.requests).to.equal(1);
  });

  it('are not fetched for a token of another issuer', async () => {
    const verify = createJwtVerifier([{ ...provider, issuer: 'https://other.example.test' }]);
    expect(await answerOf(async () => verify(await first.tokenFor('ada')))).to.include({ code: 'UNAUTHENTICATED' });
    expect(server.requests).to.equal(0);
  });

  it('are fetched again for an unknown key id, at most every 30 s', async () => {
    const verify = createJwtVerifier([provider]);
    const rotated = await second.tokenFor('grace');
    expect(await verify(await first.tokenFor('ada'))).to.deep.equal(person('ada'));
    server.publish(first.jwk, second.jwk);

    mock.timers.tick(29_999);
    expect(await answerOf(() => verify(rotated))).to.deep.equal(unknownKey);
    expect(server.requests).to.equal(1);

    mock.timers.tick(1);
    expect(await verify(rotated)).to.deep.equal(person('grace'));
    expect(await verify(await first.tokenFor('ada'))).to.deep.equal(person('ada'));
    expect(server.requests).to.equal(2);
  });

  it('count no longer, 10 minutes after they were withdrawn at the latest', async () => {
    const verify = createJwtVerifier([provider]);
    const token = await first.tokenFor('ada');
    expect(await verify(token)).to.deep.equal(person('ada'));
    server.publish(second.jwk);
    mock.timers.tick(600_000);
    expect(await answerOf(() => verify(token))).to.deep.equal(unknownKey);
  });

  it('that cannot be reached are not the fault of the caller, whose token works as soon as they can', async () => {
    const verify = createJwtVerifier([provider]);
    const token = await first.tokenFor('ada');
    const answers: [RequestListener, string][] = [
      [(_, response) => response.writeHead(500).end(), 'Expected 200 OK from the JSON Web Key Set HTTP response'],
      [
        (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(),
        'Expected 200 OK from the JSON Web Key Set HTTP response',
      ],
      [(_, response) => response.end('<html>'), 'Failed to parse the JSON Web Key Set HTTP response as JSON'],
      [(_, response) => response.end('{"keys":"none"}'), 'JSON Web Key Set malformed'],
      [(_, response) => response.destroy(), 'fetch failed (UND_ERR_SOCKET)'],
    ];
    for (const [answer, reason] of answers) {
      server.answer = answer;
      expect(await answerOf(() => verify(token))).to.deep.equal(unavailable(reason));
    }
    server.publish(first.jwk);
    expect(await verify(token)).to.deep.equal(person('ada'));
  });

  it('that nobody serves name the refused connection in the log', async () => {
    await server.close();
    const verify = createJwtVerifier([provider]);
    expect(await answerOf(async () => verify(await first.tokenFor('ada')))).to.deep.equal(
      unavailable('fetch failed (ECONNREFUSED)'),
    );
  });

  it('come over https, or plain http that stays on this machine, and with no password in the address', () => {
    const trusted = [
      'https://id.example.test/keys',
      'http://localhost:8080/',
      'http://127.0.0.1/',
      'http://[::1]:80/k',
    ];
    const refused = [
      'http://id.example.test/keys',
      'http://127.0.0.1.example.test/',
      'http://localhost.example.test/',
      'http://127.example.test/',
      'http://[::2]/',
      'https://user:fake-canary@id.example.test/',
      'http://localhost@id.example.test/',
      'ftp://localhost/',
      'file:///etc/passwd',
      'data:application/json,{"keys":[]}',
      '/keys',
      '',
    ];
    expect([trusted.filter(isKeySetUrl), refused.filter(isKeySetUrl)]).to.deep.equal([trusted, []]);
    expect(() => createJwtVerifier([{ ...provider, keys: { url: 'http://id.example.test/keys' } }])).to.throw(
      TypeError,
      'The address of a key set must be https, or http on this machine.',
    );
  });
});
