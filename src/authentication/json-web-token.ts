/** Who a signed token speaks for (RFC 7519), with the precautions of RFC 8725. */
import { readFileSync } from 'node:fs';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { ApiError } from '../errors.js';
import { OperatorError } from '../operator-error.js';
import { invalidToken } from './bearer.js';
import { isKeySetUrl, isSignatureAlgorithm, type JwtProvider, type KeySource } from './jwt-provider.js';
import { RecentlyVerified } from './recently-verified.js';

/** `issuer` and `subject` together name a person for good; name and email are for display and may change. */
export interface PersonIdentity {
  readonly issuer: string;
  /** 1 to 255 printable ASCII characters, no space at either end. Upper and lower case are two people. */
  readonly subject: string;
  readonly name?: string;
  /** Left out when the issuer says that it has not verified it. */
  readonly email?: string;
}

/** At about 400 bytes for a person with an ordinary name and email, 4 MB of memory. */
const rememberedTokens = 10_000;

/**
 * A function from a token to the person it speaks for. It throws `UNAUTHENTICATED`, always with the same message, when the
 * token is not valid, and `INTERNAL` when the issuer's keys cannot be read: that is no fault of the caller, who must not
 * throw a good token away for it. Neither error carries a part of the token.
 *
 * Keys at a URL are fetched when a token first needs them, kept for 10 minutes, and fetched again for an unknown key id, but
 * not within 30 s of the last success; a fetch may take 5 s, follows no redirect, and many tokens share one. Keys in a file
 * are read once, here. An answer is remembered for up to 60 s, 10,000 answers at a time.
 *
 * Throws `TypeError` for two providers with one issuer, for an algorithm that a public key set cannot support, and for an
 * address that cannot be trusted; `OperatorError` for a file that keys cannot be read from.
 */
export function createJwtVerifier(providers: readonly JwtProvider[]): (token: string) => Promise<PersonIdentity> {
  const verifiers = new Map(providers.map((provider) => [provider.issuer, verifierOf(provider)]));
  if (verifiers.size !== providers.length) throw new TypeError('Two token providers have the same issuer.');
  const recent = new RecentlyVerified<PersonIdentity>(rememberedTokens);

  return async (token) => {
    const remembered = recent.find(token);
    if (remembered) return remembered;
    try {
      const verify = verifiers.get(unverifiedIssuer(token) ?? '');
      if (!verify) throw invalidToken('The issuer is not known.');
      const { person, expiresAt } = await verify(token);
      recent.remember(token, person, expiresAt);
      return person;
    } catch (error) {
      throw error instanceof ApiError ? error : invalidToken(reasonOf(error));
    }
  };
}

/** Says which provider's rules to check by; nothing else may rest on it. */
const unverifiedIssuer = (token: string): string | undefined => decodeJwt(token).iss;

/** `expiresAt` in milliseconds since 1970. */
type Verifier = (token: string) => Promise<{ readonly person: PersonIdentity; readonly expiresAt: number }>;

function verifierOf(provider: JwtProvider): Verifier {
  const { issuer, audience, clockToleranceSeconds: clockTolerance } = provider;
  const algorithms = [...provider.algorithms];
  if (!algorithms.every(isSignatureAlgorithm)) {
    throw new TypeError('A token provider may name asymmetric signature algorithms only.');
  }
  const keys = keysOf(provider);
  const options = { issuer, audience, algorithms, clockTolerance, requiredClaims: ['exp', 'sub'] };
  return async (token) => {
    const { payload, protectedHeader } = await jwtVerify(token, keys, options);
    refuseOtherKinds(protectedHeader.typ);
    return { person: personOf(issuer, payload), expiresAt: (payload.exp ?? 0) * 1000 };
  };
}

/** Whatever goes wrong with the keys, other than that the token asks for one they do not have, is the provider's fault. */
function keysOf(provider: JwtProvider): JWTVerifyGetKey {
  const keys = keySet(provider.keys);
  return async (header, token) => {
    try {
      return await keys(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) throw error;
      const detail = `The keys of ${provider.issuer} cannot be read: ${outageOf(error)}`;
      throw new ApiError('INTERNAL', 'Sign-in is not available at the moment.', {}, detail);
    }
  };
}

function keySet(source: KeySource): JWTVerifyGetKey {
  if ('jwks' in source) return createLocalJWKSet(source.jwks);
  if ('file' in source) return keySetIn(source.file);
  if (!isKeySetUrl(source.url)) throw new TypeError('The address of a key set must be https, or http on this machine.');
  return createRemoteJWKSet(new URL(source.url), {
    timeoutDuration: 5000,
    cooldownDuration: 30_000,
    cacheMaxAge: 600_000,
  });
}

/** The cause is left out: where the file holds something else, the parser's message would repeat its first line. */
function keySetIn(file: string): JWTVerifyGetKey {
  try {
    return createLocalJWKSet(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new OperatorError(`No JSON Web Key Set can be read from ${file}.`);
  }
}

/** An issuer signs other things with the same keys, such as logout tokens, which speak for nobody (RFC 8725, 3.11). */
function refuseOtherKinds(typ: unknown): void {
  if (typ !== undefined && !/^(?:application\/)?(?:at\+)?jwt$/i.test(String(typ))) {
    throw invalidToken('The token is of another kind.');
  }
}

function personOf(issuer: string, { sub: subject, name, email, email_verified }: JWTPayload): PersonIdentity {
  // OpenID Connect Core 1.0, section 2: at most 255 ASCII characters.
  if (typeof subject !== 'string' || !/^[!-~](?:[ -~]{0,253}[!-~])?$/.test(subject)) {
    throw invalidToken('The subject is not 1 to 255 printable ASCII characters.');
  }
  // Amazon Cognito sends the text instead of the boolean.
  const emailIsRefuted = email_verified === false || email_verified === 'false';
  return {
    issuer,
    subject,
    ...(typeof name === 'string' && { name }),
    ...(typeof email === 'string' && !emailIsRefuted && { email }),
  };
}

/** A code, and the claim it is about. The message is left out: some repeat a part of the token. */
function reasonOf(error: unknown): string {
  if (!(error instanceof errors.JOSEError)) return 'The check failed.';
  return 'claim' in error ? `${error.code} ${error.claim}` : error.code;
}

/** The message, and the system's code where the network is to blame. */
function outageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no reason given';
  const { code } = (error.cause ?? {}) as { code?: unknown };
  return typeof code === 'string' ? `${error.message} (${code})` : error.message;
}
