/** What is run in the sandbox, and how a run ends. */
import type { HostCall } from './host-call.js';
import type { JsonValue } from './json.js';
import type { CodeError, LogLine, Variables } from './messages.js';

export interface SandboxJob {
  /** A child that has executed code of one organization never executes code of another. */
  readonly organizationId: string;
  /** The body of an async function; `return` gives the output. */
  readonly code: string;
  /** Global constants of the code. Names are JavaScript identifiers. */
  readonly variables: Variables;
  /**
   * Serves a call. `stopped` is aborted when the code waits no longer for it or the run is over; the result is then ignored.
   *
   * @throws HostCallError, whose name and message the code gets; of any other error it gets nothing but that there was one.
   */
  host(call: HostCall, stopped: AbortSignal): Promise<JsonValue>;
  /** Ends the run with the reason CANCELLED. */
  readonly signal: AbortSignal;
}

export const stopReasons = ['CPU', 'MEMORY', 'WALL', 'RESULT_TOO_LARGE', 'CANCELLED', 'CRASHED', 'HOST_CALLS'] as const;

/**
 * Why a run was ended from outside of its code.
 *
 * - `CPU`: it executed for longer than `cpuMs`.
 * - `MEMORY`: it needed more than `memoryBytes`, and did not catch that.
 * - `WALL`: it took longer than `wallMs`.
 * - `RESULT_TOO_LARGE`: what it returned is longer than `resultBytes` or deeper than `resultDepth`.
 * - `CANCELLED`: its signal was aborted.
 * - `CRASHED`: its child ended, could not be started, or sent what an honest child does not send.
 * - `HOST_CALLS`: its child called the runner more often than the limits allow, which an honest child does not do.
 */
export type StopReason = (typeof stopReasons)[number];

export type SandboxOutcome = { readonly logs: readonly LogLine[] } & (
  | { readonly kind: 'returned'; readonly output: JsonValue }
  | { readonly kind: 'threw'; readonly error: CodeError }
  | { readonly kind: 'stopped'; readonly reason: StopReason }
);
