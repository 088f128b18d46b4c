/** Why a step did not succeed, thrown from where it shows to where the step ends. */
import type { SecretKeyId } from '../ids.js';
import type { RunError, RunErrorCode } from '../modules/run/run-result.js';

export class RunFailure extends Error {
  override readonly name = 'RunFailure';

  /** @param message for whoever reads the run: it names no key, and what may hold a value is redacted before it is kept. */
  constructor(
    readonly code: RunErrorCode,
    message: string,
    readonly about: {
      readonly secretKeyId?: SecretKeyId | null;
      readonly field?: string | null;
      readonly line?: number | null;
    } = {},
  ) {
    super(message);
  }

  toError(): RunError {
    return {
      code: this.code,
      message: this.message,
      secretKeyId: this.about.secretKeyId ?? null,
      field: this.about.field ?? null,
      line: this.about.line ?? null,
    };
  }
}

/** One sentence for everything whose signature does not fit, so that a forger learns nothing from it. */
export const notVerified = (secretKeyId: SecretKeyId | null = null): RunFailure =>
  new RunFailure('NOT_VERIFIED', 'Something that the run rests on was not written by the api.', { secretKeyId });

export const cancelled = (): RunFailure => new RunFailure('CANCELLED', 'Somebody cancelled the run.');
