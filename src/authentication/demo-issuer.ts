/**
 * Tokens for the people of the demo organization, signed with a key that never leaves this machine. Whoever reads
 * `demo-signing-key.json` can be any of them; the API reads `demo-public-keys.json` alone.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose';
import { OperatorError } from '../operator-error.js';
import type { JwtProvider } from './jwt-provider.js';

const signingKeyFile = 'demo-signing-key.json';
const publicKeysFile = 'demo-public-keys.json';
const issuer = 'https://demo.nightsafe.invalid';
const audience = 'nightsafe';
const algorithm = 'EdDSA';
const twelveHours = 12 * 60 * 60;

export interface DemoIssuer {
  readonly provider: JwtProvider;
  /** A token for the person with this `sub`, valid from now on for 12 hours, or for `lifetimeSeconds`. */
  tokenFor(subject: string, lifetimeSeconds?: number): Promise<string>;
}

/** Makes the key pair in `home`. Throws `EEXIST` when there is one already: its tokens must stay valid. */
export async function createDemoIssuer(home: string): Promise<DemoIssuer> {
  const { privateKey } = await generateKeyPair(algorithm, { crv: 'Ed25519', extractable: true });
  const jwk = await exportJWK(privateKey);
  const signingKey = { ...jwk, alg: algorithm, use: 'sig', kid: await calculateJwkThumbprint(jwk) };
  await mkdir(home, { recursive: true, mode: 0o700 });
  await writeFile(join(home, signingKeyFile), JSON.stringify(signingKey), { mode: 0o600, flag: 'wx' });
  await writeFile(join(home, publicKeysFile), JSON.stringify({ keys: [publicHalf(signingKey)] }), { mode: 0o644 });
  return issuerOf(signingKey);
}

/** Reads the key pair in `home`; null when there is none. */
export const loadDemoIssuer = (home: string): Promise<DemoIssuer | null> =>
  readKeys(join(home, signingKeyFile), (key: JWK) => issuerOf(key));

/** Reads the public half alone, which is all that checking a demo token needs; null when there is none. */
export const loadDemoProvider = (home: string): Promise<JwtProvider | null> =>
  readKeys(join(home, publicKeysFile), (keys: JSONWebKeySet) => {
    createLocalJWKSet(keys);
    return providerOf(keys);
  });

async function issuerOf(jwk: JWK): Promise<DemoIssuer> {
  const key = await importJWK(jwk, algorithm);
  return {
    provider: providerOf({ keys: [publicHalf(jwk)] }),
    tokenFor(subject, lifetimeSeconds = twelveHours) {
      const now = Math.floor(Date.now() / 1000);
      return new SignJWT({ iss: issuer, aud: audience, sub: subject, iat: now, exp: now + lifetimeSeconds })
        .setProtectedHeader({ alg: algorithm, kid: jwk.kid })
        .sign(key);
    },
  };
}

const providerOf = (jwks: JSONWebKeySet): JwtProvider => ({
  issuer,
  audience,
  algorithms: [algorithm],
  clockToleranceSeconds: 0,
  keys: { jwks },
});

/** Names what it keeps, so that nothing private slips through. */
const publicHalf = ({ kty, crv, x, alg, use, kid }: JWK): JWK => ({ kty, crv, x, alg, use, kid });

/**
 * null when there is no such file. Throws OperatorError when it holds anything else than `take` can use; the cause is left out, since
 * the parser's message repeats a part of the key.
 */
async function readKeys<Content, Keys>(
  file: string,
  take: (content: Content) => Keys | Promise<Keys>,
): Promise<Keys | null> {
  try {
    return await take(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new OperatorError(`No key can be read from ${file}.`);
  }
}
