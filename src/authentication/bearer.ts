/** The Authorization header (RFC 6750, section 2.1). */
import { ApiError } from '../errors.js';

/** In characters; a token with the claims of many groups stays well below. */
export const maxBearerTokenLength = 8192;

/**
 * The token of an `Authorization` header, whose scheme is `Bearer` in any case.
 * Throws `UNAUTHENTICATED` when the header is absent, is not of that form, or holds a longer token than we accept.
 */
export function readBearer(authorization: string | undefined): string {
  if (!authorization) throw unauthenticated('A bearer token is required.');
  const token = /^bearer +(?<token>[\w.~+/-]+=*)$/i.exec(authorization)?.groups?.token;
  if (token === undefined) throw unauthenticated('The Authorization header must be the word Bearer and one token.');
  if (token.length > maxBearerTokenLength) throw unauthenticated('The bearer token is too long.');
  return token;
}

/** The one answer to every token that is not accepted, whatever the reason; the reason goes to the log. */
export const invalidToken = (detail: string): ApiError => unauthenticated('The bearer token is not valid.', detail);

const unauthenticated = (message: string, detail?: string): ApiError =>
  new ApiError('UNAUTHENTICATED', message, {}, detail);
