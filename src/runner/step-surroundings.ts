/** What a step has while it runs. */
import type { SecretKeyId } from '../ids.js';
import type { OpenedKey } from './use-keys.js';

export interface StepSurroundings {
  readonly keys: ReadonlyMap<SecretKeyId, OpenedKey>;
  /** Called before each request: it may go out when this resolves. */
  readonly beginToSend: () => Promise<void>;
  /** Aborts when the run is cancelled, or no longer this runner's. */
  readonly signal: AbortSignal;
}
