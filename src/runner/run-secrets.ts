/**
 * The values that a run has seen. Whatever the run leaves behind passes a redactor made of all of them; what a step left before a value
 * was known passes again when the run ends.
 */
import type { JsonValue } from '../modules/run/run-input.js';
import type { RunError, RunLogLine, RunRedaction } from '../modules/run/run-result.js';
import { type Place, Redactor, type SecretValue } from './redaction/redactor.js';
import type { OpenedKey } from './use-keys.js';

/** What a step leaves behind. */
export interface Traces {
  readonly output: JsonValue | undefined;
  readonly logs: readonly RunLogLine[];
  readonly error: RunError | null;
}

export interface RedactedTraces extends Traces {
  readonly receipt: readonly RunRedaction[];
}

export class RunSecrets {
  readonly #values: SecretValue[] = [];

  /** Grows with every value. */
  get count(): number {
    return this.#values.length;
  }

  addKey(key: OpenedKey): void {
    key.value.use((bytes) => this.add({ secretKeyId: key.id, bytes: Uint8Array.from(bytes), origin: 'value' }));
  }

  /** Takes the bytes over. */
  add(value: SecretValue): void {
    const isKnown = this.#values.some(
      (known) => known.secretKeyId === value.secretKeyId && Buffer.compare(known.bytes, value.bytes) === 0,
    );
    if (!isKnown) this.#values.push(value);
  }

  /** Of all values so far. The caller destroys it. */
  redactor(): Redactor {
    return new Redactor(this.#values);
  }

  redact(traces: Traces): RedactedTraces {
    const redactor = this.redactor();
    try {
      const redacted = {
        output: traces.output === undefined ? undefined : (redactor.json(traces.output, root) as JsonValue),
        logs: traces.logs.map((line, index) => ({
          ...line,
          text: redactor.text(line.text, { kind: 'log', line: index + 1 }),
        })),
        error: traces.error && { ...traces.error, message: redactor.text(traces.error.message, { kind: 'error' }) },
      };
      return { ...redacted, receipt: receiptOf(redactor) };
    } finally {
      redactor.destroy();
    }
  }

  /** For bytes that are no text, before they are written as text. */
  redactBytes(bytes: Uint8Array, path: string): { readonly bytes: Buffer; readonly receipt: readonly RunRedaction[] } {
    const redactor = this.redactor();
    try {
      const stream = redactor.stream({ kind: 'output', path });
      const redacted = Buffer.concat([stream.push(bytes), stream.end({ truncated: false })]);
      return { bytes: redacted, receipt: receiptOf(redactor) };
    } finally {
      redactor.destroy();
    }
  }

  redactInput(input: JsonValue): JsonValue {
    const redactor = this.redactor();
    try {
      return redactor.json(input, root) as JsonValue;
    } finally {
      redactor.destroy();
    }
  }

  /** Fills all values with zero. */
  destroy(): void {
    for (const { bytes } of this.#values) bytes.fill(0);
    this.#values.length = 0;
  }
}

const root: Place = { kind: 'output' };

const receiptOf = (redactor: Redactor): RunRedaction[] =>
  redactor.receipt().map(({ secretKeyId, origin, place, encoding, count }) => ({
    secretKeyId,
    origin: inCapitals(origin),
    place: inCapitals(place.kind),
    at: placeText(place),
    encoding,
    count,
  }));

const inCapitals = <Name extends string>(name: Name): Uppercase<Name> => name.toUpperCase() as Uppercase<Name>;

function placeText(place: Place): string {
  if (place.kind === 'output') return place.path ?? '$';
  if (place.kind === 'log') return String(place.line);
  return place.kind === 'header' ? place.name : '';
}
