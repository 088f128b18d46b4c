/** One line on a terminal that tells how far a command is. Elsewhere nothing is written. */

/** How often it is renewed, in milliseconds. */
const interval = 200;

export class Progress {
  #shownAt = 0;

  /** @param total null when it is not known */
  constructor(
    private readonly what: string,
    private readonly total: number | null,
  ) {}

  show(done: number): void {
    if (!process.stderr.isTTY || Date.now() - this.#shownAt < interval) return;
    this.#shownAt = Date.now();
    const of = this.total === null ? '' : ` of ${grouped(this.total)}`;
    process.stderr.write(`\r\u001b[K${grouped(done)}${of} ${this.what}`);
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shownAt > 0) process.stderr.write('\r\u001b[K');
  }
}

/** Such as `100,000`. */
export const grouped = (number: number): string => number.toLocaleString('en-US');
