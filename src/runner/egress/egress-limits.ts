/** The bounds of a request and its response. */

export interface EgressLimits {
  /** Milliseconds for the whole of a request that names no time. */
  readonly timeoutMs: number;
  /** Milliseconds beyond which no request may ask for. */
  readonly longestTimeoutMs: number;
  readonly redirects: number;
  readonly responseHeaderBytes: number;
  /** As sent, and as decoded. */
  readonly responseBodyBytes: number;
}

export const defaultEgressLimits: EgressLimits = {
  timeoutMs: 10_000,
  longestTimeoutMs: 60_000,
  redirects: 3,
  responseHeaderBytes: 16 * 1024,
  responseBodyBytes: 5 * 1024 * 1024,
};
