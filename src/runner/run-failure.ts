/** Why a step did not succeed, thrown from where it shows to where the step ends. */
import type { SecretKeyId } from '../ids.js';
import type { RunError, RunErrorCode } from '../modules/run/run-result.js';
import type { UnsignedRowError } from '../vault/signed-row.js';

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

/** The rows that say what a key is. */
const tablesOfKeys: readonly string[] = ['secret_key', 'sealed_value'];

/** A row that is not signed as the failure of a run, which names a key and nothing else; the log of the runner has the row. */
export const asNotVerified = ({ table, id }: UnsignedRowError): RunFailure =>
  notVerified(tablesOfKeys.includes(table) ? (id as SecretKeyId) : null);
