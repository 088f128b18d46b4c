import { createHmac, KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import { expect } from 'chai';
import {
  base64url,
  type CryptoKey,
  exportJWK,
  generateKeyPair,
  type JWK,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';
import { createJwtVerifier } from '../../src/authentication/json-web-token.js';
import type { JwtProvider, SignatureAlgorithm } from '../../src/authentication/jwt-provider.js';
import { OperatorError } from '../../src/operator-error.js';
import { answerOf } from './answer.js';

const now = 1_800_000_000;
const issuer = 'https://id.example.test';
const canary = 'fake-canary-claim';
const claims = { iss: issuer, aud: 'nightsafe', sub: 'ada', exp: now + 3600, iat: now, canary };
const person = { issuer, subject: 'ada' };

interface Pair {
  readonly privateKey: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: JWK;
}

async function pairOf(alg: SignatureAlgorithm, kid: string): Promise<Pair> {
  const pair = await generateKeyPair(alg, { extractable: true });
  return { ...pair, jwk: { ...(await exportJWK(pair.publicKey)), alg, kid, use: 'sig' } };
}

const sign = (key: CryptoKey, payload: Record<string, unknown>, header: Partial<JWTHeaderParameters> = {}) =>
  new SignJWT(payload).setProtectedHeader({ alg: 'ES256', kid: 'one', ...header }).sign(key);

const encoded = (value: unknown): string => base64url.encode(JSON.stringify(value));

const refused = (detail: string) => ({
  code: 'UNAUTHENTICATED',
  message: 'The bearer token is not valid.',
  extensions: {},
  detail,
});

describe('authentication/json-web-token', () => {
  let known: Pair;
  let other: Pair;
  let provider: JwtProvider;
  before(async () => {
    known = await pairOf('ES256', 'one');
    other = await pairOf('ES256', 'two');
    provider = {
      issuer,
      audience: 'nightsafe',
      algorithms: ['ES256', 'EdDSA', 'RS256'],
      clockToleranceSeconds: 30,
      keys: { jwks: { keys: [known.jwk] } },
    };
  });
  beforeEach(() => mock.timers.enable({ apis: ['Date'], now: now * 1000 }));
  afterEach(() => mock.timers.reset());

  /** What a verifier that has seen nothing before says to the token; nothing it says may repeat the token. */
  async function answerTo(token: string | Promise<string>, providers: readonly JwtProvider[] = [provider]) {
    const text = await token;
    const answer = await answerOf(() => createJwtVerifier(providers)(text));
    for (const part of [canary, ...text.split('.').filter(({ length }) => length > 8)])
      expect(JSON.stringify(answer)).to.not.include(part);
    return answer;
  }
  const answerToClaims = (changed: Record<string, unknown>, header: Partial<JWTHeaderParameters> = {}) =>
    answerTo(sign(known.privateKey, { ...claims, ...changed }, header));

  describe('a valid token', () => {
    it('names a person by issuer and subject, with name and verified email', async () => {
      const full = { name: 'Ada Lovelace', email: 'ada@example.test' };
      expect(await answerToClaims({})).to.deep.equal(person);
      expect(await answerToClaims(full)).to.deep.equal({ ...person, ...full });
      expect(await answerToClaims({ ...full, email_verified: true })).to.deep.equal({ ...person, ...full });
    });

    it('gives no email that the issuer has not verified, and no name or email that is not a text', async () => {
      expect(await answerToClaims({ email: 'ada@example.test', email_verified: false })).to.deep.equal(person);
      expect(await answerToClaims({ email: 'ada@example.test', email_verified: 'false' })).to.deep.equal(person);
      expect(await answerToClaims({ name: { first: 'Ada' }, email: ['ada@example.test'] })).to.deep.equal(person);
    });

    it('may be one of several kinds of access token, and for several audiences', async () => {
      for (const typ of ['JWT', 'jwt', 'at+jwt', 'application/at+jwt']) {
        expect(await answerToClaims({ aud: ['elsewhere', 'nightsafe'] }, { typ })).to.deep.equal(person);
      }
    });

    it('may be signed with any algorithm that the provider names', async () => {
      for (const alg of ['RS256', 'EdDSA'] as const) {
        const pair = await pairOf(alg, 'three');
        const token = sign(pair.privateKey, claims, { alg, kid: 'three' });
        expect(await answerTo(token, [{ ...provider, keys: { jwks: { keys: [known.jwk, pair.jwk] } } }])).to.deep.equal(
          person,
        );
      }
    });

    it('is checked by the rules of its own issuer, among several', async () => {
      const second = { ...provider, issuer: 'https://second.example.test', keys: { jwks: { keys: [other.jwk] } } };
      const ofSecond = { ...claims, iss: second.issuer };
      expect(await answerTo(sign(other.privateKey, ofSecond, { kid: 'two' }), [provider, second])).to.deep.equal({
        ...person,
        issuer: second.issuer,
      });
      expect(await answerTo(sign(known.privateKey, ofSecond), [provider, second])).to.deep.equal(
        refused('ERR_JWKS_NO_MATCHING_KEY'),
      );
    });
  });

  describe('a forged signature', () => {
    it('is refused when the token has none', async () => {
      const unsigned = (alg: string) => `${encoded({ alg, kid: 'one' })}.${encoded(claims)}.`;
      for (const alg of ['none', 'None', 'NONE', 'nOnE']) {
        expect(await answerTo(unsigned(alg))).to.deep.equal(refused('ERR_JOSE_ALG_NOT_ALLOWED'));
      }
      expect(await answerTo(unsigned('ES256'))).to.deep.equal(refused('ERR_JWS_SIGNATURE_VERIFICATION_FAILED'));
    });

    it('is refused when the public key served as the secret of an HMAC', async () => {
      const pem = KeyObject.from(known.publicKey).export({ type: 'spki', format: 'pem' });
      for (const secret of [pem, JSON.stringify(known.jwk), known.jwk.x ?? '', '']) {
        const body = `${encoded({ alg: 'HS256', kid: 'one' })}.${encoded(claims)}`;
        const signature = createHmac('sha256', secret).update(body).digest('base64url');
        expect(await answerTo(`${body}.${signature}`)).to.deep.equal(refused('ERR_JOSE_ALG_NOT_ALLOWED'));
      }
    });

    it('is refused when another key made it, under its own key id or under a known one', async () => {
      expect(await answerTo(sign(other.privateKey, claims, { kid: 'two' }))).to.deep.equal(
        refused('ERR_JWKS_NO_MATCHING_KEY'),
      );
      expect(await answerTo(sign(other.privateKey, claims))).to.deep.equal(
        refused('ERR_JWS_SIGNATURE_VERIFICATION_FAILED'),
      );
    });

    it('is refused when the token brings or points to the key that made it', async () => {
      const header = { jwk: other.jwk, jku: 'http://127.0.0.1:1/keys', x5u: 'http://127.0.0.1:1/cert', x5c: ['AAAA'] };
      expect(await answerTo(sign(other.privateKey, claims, { ...header, kid: 'one' }))).to.deep.equal(
        refused('ERR_JWS_SIGNATURE_VERIFICATION_FAILED'),
      );
    });

    it('is refused when claims or header were changed after signing', async () => {
      const [header, , signature] = (await sign(known.privateKey, claims)).split('.');
      expect(await answerTo(`${header}.${encoded({ ...claims, sub: 'grace' })}.${signature}`)).to.deep.equal(
        refused('ERR_JWS_SIGNATURE_VERIFICATION_FAILED'),
      );
      expect(
        await answerTo(`${encoded({ alg: 'ES256', kid: 'one', typ: 'JWT' })}.${encoded(claims)}.${signature}`),
      ).to.deep.equal(refused('ERR_JWS_SIGNATURE_VERIFICATION_FAILED'));
    });

    it('is refused for an algorithm of the key that the provider does not name', async () => {
      const pair = await pairOf('PS256', 'three');
      const keys = { jwks: { keys: [pair.jwk] } };
      expect(
        await answerTo(sign(pair.privateKey, claims, { alg: 'PS256', kid: 'three' }), [{ ...provider, keys }]),
      ).to.deep.equal(refused('ERR_JOSE_ALG_NOT_ALLOWED'));
    });

    it('is refused when a key meant for something else made it', async () => {
      for (const meant of [{ use: 'enc' }, { key_ops: ['sign'] }, { alg: 'ES384' }]) {
        const keys = { jwks: { keys: [{ ...known.jwk, ...meant }] } };
        expect(await answerTo(sign(known.privateKey, claims), [{ ...provider, keys }])).to.deep.equal(
          refused('ERR_JWKS_NO_MATCHING_KEY'),
        );
      }
    });
  });

  describe('a claim', () => {
    it('refuses the token when issuer or audience is another, or absent', async () => {
      expect(await answerToClaims({ iss: 'https://evil.example.test' })).to.deep.equal(
        refused('The issuer is not known.'),
      );
      expect(await answerToClaims({ iss: `${issuer}/` })).to.deep.equal(refused('The issuer is not known.'));
      expect(await answerToClaims({ iss: undefined })).to.deep.equal(refused('The issuer is not known.'));
      expect(await answerToClaims({ iss: [issuer] })).to.deep.equal(refused('The issuer is not known.'));
      for (const aud of ['elsewhere', undefined, [], ['elsewhere'], 'Nightsafe', { nightsafe: true }]) {
        expect(await answerToClaims({ aud })).to.deep.equal(refused('ERR_JWT_CLAIM_VALIDATION_FAILED aud'));
      }
    });

    it('exp is required and ends the token, 30 s late and not a second more', async () => {
      expect(await answerToClaims({ exp: now - 29 })).to.deep.equal(person);
      expect(await answerToClaims({ exp: now - 30 })).to.deep.equal(refused('ERR_JWT_EXPIRED exp'));
      for (const exp of [undefined, String(now + 60), null]) {
        expect(await answerToClaims({ exp })).to.deep.equal(refused('ERR_JWT_CLAIM_VALIDATION_FAILED exp'));
      }
    });

    it('nbf begins the token, 30 s early and not a second more', async () => {
      expect(await answerToClaims({ nbf: now + 30 })).to.deep.equal(person);
      expect(await answerToClaims({ nbf: now + 31 })).to.deep.equal(refused('ERR_JWT_CLAIM_VALIDATION_FAILED nbf'));
      expect(await answerToClaims({ nbf: 'now' })).to.deep.equal(refused('ERR_JWT_CLAIM_VALIDATION_FAILED nbf'));
    });

    it('sub is required: 1 to 255 printable ASCII characters', async () => {
      for (const sub of ['a', 'auth0|5f fake', 'x'.repeat(255)]) {
        expect(await answerToClaims({ sub })).to.deep.equal({ issuer, subject: sub });
      }
      for (const sub of ['', 'x'.repeat(256), ' ada', 'ada ', 'ada\n', 'a\u0000da', 'adä', 17, null, ['ada']]) {
        expect(await answerToClaims({ sub })).to.deep.equal(
          refused('The subject is not 1 to 255 printable ASCII characters.'),
        );
      }
      expect(await answerToClaims({ sub: undefined })).to.deep.equal(refused('ERR_JWT_CLAIM_VALIDATION_FAILED sub'));
    });
  });

  describe('a token', () => {
    it('of another kind, such as a logout token, speaks for nobody', async () => {
      for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt', 'JOSE']) {
        expect(await answerToClaims({}, { typ })).to.deep.equal(refused('The token is of another kind.'));
      }
    });

    it('with a critical extension is refused', async () => {
      const body = `${encoded({ alg: 'ES256', kid: 'one', crit: [canary], [canary]: 1 })}.${encoded(claims)}`;
      const algorithm = { name: 'ECDSA', hash: 'SHA-256' };
      const signature = await crypto.subtle.sign(algorithm, known.privateKey, Buffer.from(body));
      expect(await answerTo(`${body}.${base64url.encode(new Uint8Array(signature))}`)).to.deep.equal(
        refused('ERR_JOSE_NOT_SUPPORTED'),
      );
    });

    it('that is no token at all gets the same answer', async () => {
      const garbage = [
        '',
        '.',
        '..',
        'fake',
        'fake.canary',
        'a.b.c',
        'a.b.c.d.e',
        `${encoded({})}.${encoded([])}.AAAA`,
      ];
      for (const text of garbage) expect(await answerTo(text)).to.deep.equal(refused('ERR_JWT_INVALID'));
    });

    it('once verified is not checked again for 60 s, nor accepted past its exp', async () => {
      const verify = createJwtVerifier([provider]);
      const long = await sign(known.privateKey, claims);
      const short = await sign(known.privateKey, { ...claims, exp: now + 40 });
      const first = [await verify(long), await verify(short)];
      mock.timers.tick(39_000);
      expect(await verify(long)).to.equal(first[0]);
      expect(await verify(short)).to.equal(first[1]);
      mock.timers.tick(21_000);
      const again = await verify(long);
      expect(again).to.deep.equal(person);
      expect(again).to.not.equal(first[0]);
      mock.timers.tick(10_000);
      expect(await answerOf(() => verify(short))).to.deep.equal(refused('ERR_JWT_EXPIRED exp'));
    });

    it('once refused does not make another one accepted, or the other way round', async () => {
      const verify = createJwtVerifier([provider]);
      const good = await sign(known.privateKey, claims);
      const bad = await sign(other.privateKey, claims);
      const answers = [];
      for (const token of [bad, good, bad, good]) answers.push(await answerOf(() => verify(token)));
      const refusal = refused('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
      expect(answers).to.deep.equal([refusal, person, refusal, person]);
    });
  });

  describe('a provider', () => {
    it('is refused when its algorithms are for shared secrets, or none', () => {
      for (const algorithm of ['none', 'HS256', 'HS512', 'RSA-OAEP']) {
        const algorithms = ['ES256', algorithm] as SignatureAlgorithm[];
        expect(() => createJwtVerifier([{ ...provider, algorithms }])).to.throw(
          TypeError,
          'A token provider may name asymmetric signature algorithms only.',
        );
      }
    });

    it('is refused when another one has the same issuer', () => {
      expect(() => createJwtVerifier([provider, { ...provider, audience: 'other' }])).to.throw(
        TypeError,
        'Two token providers have the same issuer.',
      );
    });

    it('may keep its keys in a file, and a file that holds none stops the start without being quoted', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'nightsafe-keys-'));
      try {
        const file = join(folder, 'keys.json');
        const fromFile = { ...provider, keys: { file } };
        await writeFile(file, JSON.stringify({ keys: [known.jwk] }));
        expect(await answerTo(sign(known.privateKey, claims), [fromFile])).to.deep.equal(person);
        for (const text of [canary, '[]', '{"keys":{}}']) {
          await writeFile(file, text);
          expect(() => createJwtVerifier([fromFile])).to.throw(
            OperatorError,
            `No JSON Web Key Set can be read from ${file}.`,
          );
        }
      } finally {
        await rm(folder, { recursive: true });
      }
    });

    it('whose set has a private or shared key is at fault, not the caller', async () => {
      const keys = { jwks: { keys: [{ ...(await exportJWK(known.privateKey)), alg: 'ES256', kid: 'one' }] } };
      expect(await answerTo(sign(known.privateKey, claims), [{ ...provider, keys }])).to.deep.equal({
        code: 'INTERNAL',
        message: 'Sign-in is not available at the moment.',
        extensions: {},
        detail: `The keys of ${issuer} cannot be read: JSON Web Key Set members must be public keys`,
      });
    });
  });
});
