/** One limit for the whole of a request: the caller's signal, the door's end, or the time, whichever comes first. */
import { type EgressError, egressError } from './egress-error.js';

export class Deadline {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #timer: NodeJS.Timeout;

  constructor(caller: AbortSignal, milliseconds: number) {
    this.#caller = caller;
    this.#timer = setTimeout(() => {
      this.#controller.abort(egressError('TIMEOUT', 'The request took longer than its time limit.'));
    }, milliseconds);
    caller.addEventListener('abort', this.cancel, { once: true });
    if (caller.aborted) this.cancel();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly cancel = (): void => this.#controller.abort(egressError('CANCELLED', 'The request was cancelled.'));

  /** What `work` gives, or the reason why there is no time left for it, even when `work` never ends. */
  async race<Result>(work: Promise<Result>): Promise<Result> {
    const { promise, stop } = this.#whenAborted();
    try {
      return await Promise.race([promise, work]);
    } finally {
      stop();
    }
  }

  /** An end by this limit, whatever the error is that it showed itself by. */
  explain(error: unknown): unknown {
    return this.signal.aborted ? (this.signal.reason as EgressError) : error;
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#caller.removeEventListener('abort', this.cancel);
  }

  #whenAborted(): { readonly promise: Promise<never>; stop(): void } {
    let stop = () => {};
    const promise = new Promise<never>((_, reject) => {
      const abort = () => reject(this.signal.reason);
      if (this.signal.aborted) abort();
      this.signal.addEventListener('abort', abort, { once: true });
      stop = () => this.signal.removeEventListener('abort', abort);
    });
    return { promise, stop };
  }
}
