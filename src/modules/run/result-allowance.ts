import { ApiError } from '../../errors.js';

/**
 * What one operation shows of inputs, outputs and logs: the largest outputs of eight steps. Read, parsed and printed it takes 25 times as
 * much memory at worst, and no other request is answered meanwhile.
 */
export const mostResultBytes = 8 * 1024 * 1024;

/** What an operation may still show of what may be large. Each field takes its share before its text is read, an alias its own. */
export class ResultAllowance {
  #taken = 0;

  /** Throws when there is not so much left, and from then on. */
  take(bytes: number): void {
    this.#taken += bytes;
    if (this.#taken > mostResultBytes) {
      throw new ApiError(
        'BAD_USER_INPUT',
        `The operation asks for more than ${mostResultBytes / 1024 / 1024} MiB of inputs, outputs and logs. Ask for those of fewer runs or steps at once.`,
        { limit: 'resultBytes', allowed: mostResultBytes },
      );
    }
  }
}
