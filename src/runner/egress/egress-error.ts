/** The closed set of reasons for which a request is not sent, or its response not handed over. */
import type { SecretKeyId } from '../../ids.js';

export const egressErrorCodes = {
  REQUEST_INVALID: 'The method, the time limit or the body is not one that can be sent.',
  REQUEST_TOO_LARGE: 'The URL, the headers or the whole of the request has more bytes than the limit.',
  URL_INVALID: 'The URL is not an absolute https or http URL with a plain host, or has a user name or password.',
  HEADER_INVALID: 'A header has a name that is no token, or text that is not visible ASCII.',
  HEADER_REFUSED: 'A header is one that the door sets itself, that steers the connection, or `Range` beside a key.',
  KEY_UNKNOWN: 'The request refers to a key that was not handed in with it.',
  KEY_PLACE_REFUSED:
    'A key stands where none may ever stand: in the scheme, host, port, user info, fragment or a name.',
  KEY_PLACEMENT_REFUSED: 'A key stands in a header, the URL or the body, and its placements do not list that.',
  KEY_HOST_REFUSED: "The request's scheme, host and port are not among the key's allowed hosts.",
  KEY_VALUE_UNFIT: "The key's value cannot be written in its place, such as a line break in a header.",
  HOST_REFUSED: 'The host is not among those to which the code of this run may send.',
  HOST_NOT_FOUND: 'The host has no address.',
  ADDRESS_REFUSED: 'The host is, or one of its addresses lies, outside of the public internet.',
  CONNECTION_FAILED: 'No connection came about.',
  TLS_FAILED: "The server's certificate is not valid for the host, or no TLS version or cipher is shared.",
  CONNECTION_LOST: 'The connection ended before the whole response had come.',
  TIMEOUT: 'The time limit ran out, whatever had happened until then.',
  CANCELLED: 'The caller cancelled the request, or the door was closed.',
  REDIRECT_REFUSED:
    'The response is a redirect, which the request does not want, or to another origin with a key in it.',
  REDIRECT_INVALID: 'The response is a redirect to something that is no plain https or http URL.',
  TOO_MANY_REDIRECTS: 'More redirects followed each other than are allowed.',
  RESPONSE_INVALID: 'The response is not HTTP/1.1, or its body is not of the encoding that it names.',
  RESPONSE_HEADERS_TOO_LARGE: "The response's headers are larger than the limit.",
  RESPONSE_TOO_LARGE: "The response's body, as sent or as decoded, is larger than the limit.",
  RESPONSE_ENCODING_REFUSED: 'The body has more than one content encoding, or one other than gzip, deflate and br.',
} as const;

export type EgressErrorCode = keyof typeof egressErrorCodes;

/** `message` is a whole sentence. It repeats neither a value nor a host, an address or anything else of the request. */
export interface EgressProblem {
  readonly code: EgressErrorCode;
  readonly message: string;
  /** The part of the request, such as `url`, `query[0].name` or `headers[2].value`; null when it is none. */
  readonly field: string | null;
  /** The key that is concerned, if one is. Its name is for the caller to add, for those who may read it. */
  readonly secretKeyId: SecretKeyId | null;
}

export const egressProblem = (
  code: EgressErrorCode,
  message: string,
  field: string | null = null,
  secretKeyId: SecretKeyId | null = null,
): EgressProblem => ({ code, message, field, secretKeyId });

export class EgressError extends Error implements EgressProblem {
  override readonly name = 'EgressError';
  readonly code: EgressErrorCode;
  readonly field: string | null;
  readonly secretKeyId: SecretKeyId | null;

  constructor(problem: EgressProblem) {
    super(problem.message);
    this.code = problem.code;
    this.field = problem.field;
    this.secretKeyId = problem.secretKeyId;
  }
}

export const egressError = (...problem: Parameters<typeof egressProblem>): EgressError =>
  new EgressError(egressProblem(...problem));
