/** What a step has while it runs. */
import type { SecretKeyId } from '../ids.js';
import type { RunRecord } from './run-record.js';
import type { OpenedKey } from './use-keys.js';

export interface StepSurroundings {
  readonly keys: ReadonlyMap<SecretKeyId, OpenedKey>;
  readonly record: RunRecord;
  /** Aborts when the run is cancelled, or no longer this runner's. */
  readonly signal: AbortSignal;
}
