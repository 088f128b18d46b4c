/** Masks bytes of any length as they come; what is found does not depend on where the chunks are cut. */
import { withheld } from './mask.js';
import type { Match, PatternIndex } from './pattern-index.js';
import type { Hit, Owner } from './receipt.js';
import { Sweep } from './sweep.js';

/** Bytes that are gathered before they are searched, so that small chunks do not cost a search each. */
const batch = 1024;

export interface RedactionStream {
  /**
   * What can be given out so far; the last bytes are held back. The chunk is copied. Never throws: after a failure nothing more
   * comes, and `end` gives `withheld.bytes`.
   */
  push(chunk: Uint8Array): Uint8Array;
  /** The rest. `truncated` says that the text was cut here, so that a value's beginning may be all there is of it. */
  end(options: { readonly truncated: boolean }): Uint8Array;
}

export interface StreamEvents {
  readonly onHits: (hits: readonly Hit[]) => void;
  readonly onFailure: () => void;
}

export class IndexStream implements RedactionStream {
  readonly #index: PatternIndex<Owner>;
  readonly #events: StreamEvents;
  readonly #sweep: Sweep;
  #pending: Uint8Array = new Uint8Array();
  #state: 'open' | 'failed' | 'ended' = 'open';

  constructor(index: PatternIndex<Owner>, events: StreamEvents) {
    this.#index = index;
    this.#events = events;
    this.#sweep = new Sweep(({ hits }) => events.onHits(hits));
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.#guarded(() => {
      this.#pending = Buffer.concat([this.#pending, chunk]);
      const held = this.#index.longest - 1;
      if (this.#pending.length < held + batch) return new Uint8Array();
      const until = this.#pending.length - held;
      const given = this.#take(this.#index.matches(this.#pending), until);
      this.#pending = this.#pending.subarray(until);
      return given;
    });
  }

  end({ truncated }: { readonly truncated: boolean }): Uint8Array {
    const rest = this.#guarded(() => {
      const matches = this.#index.matches(this.#pending);
      if (truncated) matches.push(...this.#index.prefixesAtEnd(this.#pending));
      const given = this.#take(matches, this.#pending.length);
      this.#sweep.close();
      return given;
    });
    const given = this.#state === 'failed' ? withheld.bytes : rest;
    this.#pending = new Uint8Array();
    this.#state = 'ended';
    return given;
  }

  #take(matches: readonly Match<Owner>[], until: number): Uint8Array {
    const parts = this.#sweep.take(
      this.#pending,
      matches.filter(({ start }) => start < until),
      until,
    );
    const [only = new Uint8Array()] = parts;
    return parts.length > 1 ? Buffer.concat(parts) : only;
  }

  #guarded(give: () => Uint8Array): Uint8Array {
    if (this.#state !== 'open') return new Uint8Array();
    try {
      this.#index.renewWork();
      return give();
    } catch {
      this.#state = 'failed';
      this.#pending = new Uint8Array();
      this.#events.onFailure();
      return new Uint8Array();
    }
  }
}
