/** AbortController and AbortSignal. */
import { defineGlobals } from './door.js';
import { setTimeout } from './timers.js';

type Listener = ((event: AbortEvent) => void) | { handleEvent(event: AbortEvent): void };

interface AbortEvent {
  readonly type: 'abort';
  readonly target: AbortSignal;
}

const isAbort = (type: string): boolean => type === 'abort';

/** Given by the class, because nobody but a controller may abort a signal. */
let abortSignal: (signal: AbortSignal, reason: unknown) => void;

export class AbortSignal {
  #isAborted = false;
  #reason: unknown;
  readonly #listeners = new Map<Listener, { readonly once: boolean }>();
  onabort: ((event: AbortEvent) => void) | null = null;

  get aborted(): boolean {
    return this.#isAborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  static abort(reason?: unknown): AbortSignal {
    const signal = new AbortSignal();
    abortSignal(signal, reason);
    return signal;
  }

  static timeout(milliseconds: number): AbortSignal {
    const signal = new AbortSignal();
    setTimeout(() => abortSignal(signal, new DOMException('The operation timed out.', 'TimeoutError')), milliseconds);
    return signal;
  }

  static any(signals: Iterable<AbortSignal>): AbortSignal {
    const all = [...signals];
    const first = all.find(({ aborted }) => aborted);
    if (first !== undefined) return AbortSignal.abort(first.reason);
    const signal = new AbortSignal();
    for (const source of all)
      source.addEventListener('abort', () => abortSignal(signal, source.reason), { once: true });
    return signal;
  }

  throwIfAborted(): void {
    if (this.#isAborted) throw this.#reason;
  }

  addEventListener(type: string, listener: Listener, options: boolean | { once?: boolean } = {}): void {
    if (!isAbort(type) || this.#listeners.has(listener)) return;
    this.#listeners.set(listener, { once: typeof options === 'object' && options.once === true });
  }

  removeEventListener(type: string, listener: Listener): void {
    if (isAbort(type)) this.#listeners.delete(listener);
  }

  static {
    abortSignal = (signal, reason) => signal.#abort(reason);
  }

  #abort(reason: unknown): void {
    if (this.#isAborted) return;
    this.#isAborted = true;
    this.#reason = reason === undefined ? new DOMException('This operation was aborted', 'AbortError') : reason;
    const event: AbortEvent = { type: 'abort', target: this };
    this.onabort?.(event);
    for (const [listener, { once }] of [...this.#listeners]) {
      if (once) this.#listeners.delete(listener);
      if (typeof listener === 'function') listener.call(this, event);
      else listener.handleEvent(event);
    }
  }
}

export class AbortController {
  readonly signal = new AbortSignal();

  abort(reason?: unknown): void {
    abortSignal(this.signal, reason);
  }
}

defineGlobals({ AbortController, AbortSignal });
