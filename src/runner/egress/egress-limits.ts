/** The bounds of a request and its response. */

export interface EgressLimits {
  /** Milliseconds for the whole of a request that names no time. */
  readonly timeoutMs: number;
  /** Milliseconds beyond which no request may ask for. */
  readonly longestTimeoutMs: number;
  readonly redirects: number;
  /** Of the URL with its query, before values and added parameters are escaped. */
  readonly urlBytes: number;
  /** Of all names and values of headers. */
  readonly requestHeaderBytes: number;
  /** Of the URL, the headers and the body, before what is put into them is escaped. A value counts as long as its padding makes it. */
  readonly requestBytes: number;
  readonly responseHeaderBytes: number;
  /** As sent, and as decoded. */
  readonly responseBodyBytes: number;
}

export const defaultEgressLimits: EgressLimits = {
  timeoutMs: 10_000,
  longestTimeoutMs: 60_000,
  redirects: 3,
  urlBytes: 16 * 1024,
  requestHeaderBytes: 64 * 1024,
  requestBytes: 8 * 1024 * 1024,
  responseHeaderBytes: 16 * 1024,
  responseBodyBytes: 5 * 1024 * 1024,
};
