/** Whose tokens are trusted, and with which keys. */
import type { JSONWebKeySet } from 'jose';

/**
 * The signature algorithms of RFC 7518 and RFC 8037 whose verifying key may be public. `none` and the HS family are left
 * out on purpose: with a published key set, anybody could make such a token.
 */
export const signatureAlgorithms = [
  ...(['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'] as const),
  ...(['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'] as const),
] as const;
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number];

export const isSignatureAlgorithm = (name: string): name is SignatureAlgorithm =>
  signatureAlgorithms.some((known) => known === name);

export type KeySource = { readonly url: string } | { readonly file: string } | { readonly jwks: JSONWebKeySet };

export interface JwtProvider {
  /** The `iss` claim, compared character by character. */
  readonly issuer: string;
  /** One of the values of the `aud` claim. */
  readonly audience: string;
  readonly algorithms: readonly SignatureAlgorithm[];
  /** How far the issuer's clock may differ from ours, in seconds, for `exp` and `nbf`. */
  readonly clockToleranceSeconds: number;
  readonly keys: KeySource;
}

/** True for https, and for plain http that does not leave the machine; never with a user name or password inside. */
export function isKeySetUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
  return username === '' && password === '' && (protocol === 'https:' || (protocol === 'http:' && isLoopback));
}
