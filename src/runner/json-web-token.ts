/** Signs tokens with a key's value: the secret itself for HS*, a private key in PEM (PKCS #8) for the others. */
import { importPKCS8, SignJWT } from 'jose';
import type { JwtClaims } from './code-host-arguments.js';

/** Fills `key` with zero when it is done. Rejects when the key does not fit the algorithm. */
export async function signJwt(key: Uint8Array, { algorithm, header, payload, expiresIn }: JwtClaims): Promise<string> {
  try {
    const signingKey = algorithm.startsWith('HS')
      ? key
      : await importPKCS8(Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('utf8'), algorithm);
    const token = new SignJWT({ ...payload }).setProtectedHeader({ typ: 'JWT', ...header, alg: algorithm });
    if (payload.iat === undefined) token.setIssuedAt();
    if (expiresIn !== null) token.setExpirationTime(Math.floor(Date.now() / 1000) + Math.floor(expiresIn));
    return await token.sign(signingKey);
  } finally {
    key.fill(0);
  }
}
