/** Signs tokens with a key's value: the secret itself for HS*, a private key in PEM (PKCS #8) for the others. */
import type { webcrypto } from 'node:crypto';
import { type CryptoKey, importPKCS8, SignJWT } from 'jose';
import type { JwtClaims } from './code-host-arguments.js';

/** Bits of the longest RSA key: the time of a signature grows with their third power. */
const longestModulus = 8192;

/** Fills `key` with zero when it is done. Rejects when the key does not fit the algorithm. */
export async function signJwt(key: Uint8Array, { algorithm, header, payload, expiresIn }: JwtClaims): Promise<string> {
  try {
    const signingKey = algorithm.startsWith('HS') ? key : await privateKey(key, algorithm);
    const token = new SignJWT({ ...payload }).setProtectedHeader({ typ: 'JWT', ...header, alg: algorithm });
    if (payload.iat === undefined) token.setIssuedAt();
    if (expiresIn !== null) token.setExpirationTime(Math.floor(Date.now() / 1000) + Math.floor(expiresIn));
    return await token.sign(signingKey);
  } finally {
    key.fill(0);
  }
}

async function privateKey(pem: Uint8Array, algorithm: string): Promise<CryptoKey> {
  const key = await importPKCS8(Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength).toString('utf8'), algorithm);
  const { modulusLength = 0 } = key.algorithm as Partial<webcrypto.RsaKeyAlgorithm>;
  if (modulusLength > longestModulus) throw new RangeError('The key is longer than the longest that is used.');
  return key;
}
