/** Bytes that may still be put together. They are counted before anything is joined or copied, so nothing too large is ever made. */
import { RunFailure } from './run-failure.js';

export class ByteBudget {
  #left: number;

  /** @param message for whoever reads the run when there is no room left. */
  constructor(
    mostBytes: number,
    private readonly message: string,
  ) {
    this.#left = mostBytes;
  }

  /** @throws RunFailure TOO_LARGE, which names the field. */
  spend(text: string, field: string): void {
    this.#left -= Buffer.byteLength(text);
    if (this.#left < 0) throw new RunFailure('TOO_LARGE', this.message, { field });
  }
}
