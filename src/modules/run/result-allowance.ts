import { ApiError } from '../../errors.js';

/** What one operation shows of inputs, outputs and logs. No other request is answered while that is parsed and printed. */
const most = {
  /** The largest outputs of eight steps. */
  resultBytes: 8 * 1024 * 1024,
  /** Lists, objects and what is in them: a thousand empty lists take longer than a text of their length. */
  resultParts: 1_000_000,
} as const;

const partStarts: ReadonlySet<number> = new Set(['[', '{', ','].map((letter) => letter.charCodeAt(0)));

/** What an operation may still show of what may be large. Each field takes its share, an alias its own. */
export class ResultAllowance {
  readonly #left: Record<keyof typeof most, number> = { ...most };

  /** For a text, before it is read. Throws when there is not so much left. */
  takeBytes(bytes: number): void {
    this.#take('resultBytes', bytes);
  }

  /** For what is in a text of JSON, before it is parsed. Throws when there is not so much left. */
  takeParts(json: string): void {
    let parts = 0;
    for (let index = 0; index < json.length; index += 1) if (partStarts.has(json.charCodeAt(index))) parts += 1;
    this.#take('resultParts', parts);
  }

  #take(limit: keyof typeof most, share: number): void {
    if (share > this.#left[limit]) {
      throw new ApiError(
        'BAD_USER_INPUT',
        'The operation asks for too much of inputs, outputs and logs. Ask for those of fewer runs, or of fewer steps by their names.',
        { limit, allowed: most[limit] },
      );
    }
    this.#left[limit] -= share;
  }
}
