/** What a run leaves behind, besides its steps' outputs: errors, log lines and receipts, as they are stored. */
import type { SecretKeyId } from '../../ids.js';

/** Why a step, or a whole run, did not succeed. */
export const runErrorCodes = {
  SECRET_KEY_NOT_ALLOWED:
    'Who started the run, or who last edited the step, may not use a key in it, or one whose answer it reads.',
  SECRET_KEY_NOT_FOUND: 'A key in the step does not exist any more.',
  SECRET_KEY_EXPIRED: 'A key in the step has expired.',
  SECRET_KEY_USE_NOT_ALLOWED: 'A key in the step is not meant to be used in this way.',
  RUN_NOT_ALLOWED: 'Who started the run is not active any more, or may not run the workflow any more.',
  WAITED_TOO_LONG: 'The run waited for a runner for longer than a day, so it was not begun.',
  NOT_VERIFIED: 'Something that the run rests on was not written by the api, so the runner does not act on it.',
  REFERENCE_NOT_FOUND: 'A reference names something that the input, or the output of an earlier step, does not have.',
  TOO_LARGE: 'What the step would put together, or what the run would leave, is larger than its limit.',
  REQUEST_NOT_ALLOWED: 'The request was not sent: it is against the rules of the door, or of a key in it.',
  REQUEST_FAILED: 'The request was sent, or could have been, and no answer came back that can be used.',
  UNEXPECTED_STATUS: 'The answer has a status that the step does not expect.',
  CODE_THREW: 'The code threw an error.',
  CODE_STOPPED: 'The code was stopped at one of its limits.',
  CANCELLED: 'Somebody cancelled the run.',
  INTERRUPTED: 'The runner ended in the middle. What it had begun to send may have arrived.',
  TIMED_OUT: 'The step took longer than it may.',
  INTERNAL: 'Something failed on our side; the log of the runner has the details under the id of the run.',
} as const;
export type RunErrorCode = keyof typeof runErrorCodes;

export interface RunError {
  readonly code: RunErrorCode;
  /** Redacted; names no key. */
  readonly message: string;
  readonly secretKeyId: SecretKeyId | null;
  /** The field of the step, such as `headers[0].value`. */
  readonly field: string | null;
  /** Of the code, from 1. */
  readonly line: number | null;
}

export interface RunLogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
}

/** Where a value came back and was masked. */
export interface RunRedaction {
  readonly secretKeyId: SecretKeyId;
  /** The value itself, or what the runner made with it. */
  readonly origin: 'VALUE' | 'BASE64' | 'HMAC' | 'JWT';
  readonly place: 'OUTPUT' | 'LOG' | 'ERROR' | 'URL' | 'HEADER';
  /** A JSON path, the number of a log line, or the name of a header; empty for an error or a URL. */
  readonly at: string;
  /** Such as `raw`, `base64` or `percent`. */
  readonly encoding: string;
  readonly count: number;
}
