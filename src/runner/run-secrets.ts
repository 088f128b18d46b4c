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

/** What code of a run may have the runner make of values: each is searched for in everything that the run leaves. */
const mostMade = { values: 100, bytes: 128 * 1024 };

export class RunSecrets {
  readonly #values: SecretValue[] = [];
  /** One for the whole run: the patterns of a value take longer to make than a text to be searched. */
  readonly #redactor = new Redactor([]);
  #made = { values: 0, bytes: 0 };

  /** Grows with every value. */
  get count(): number {
    return this.#values.length;
  }

  addKey(key: OpenedKey): void {
    key.value.use((bytes) => this.add({ secretKeyId: key.id, bytes: Uint8Array.from(bytes), origin: 'value' }));
  }

  /** Takes the bytes over. */
  add(value: SecretValue): void {
    if (this.#has(value)) return;
    this.#redactor.add(value);
    this.#values.push(value);
  }

  /** Takes the bytes over. False when code of the run has had as much made as it may: what was made is then not for the code. */
  addMade(value: SecretValue): boolean {
    if (this.#has(value)) return true;
    const values = this.#made.values + 1;
    const bytes = this.#made.bytes + value.bytes.length;
    if (values > mostMade.values || bytes > mostMade.bytes) return false;
    this.#made = { values, bytes };
    this.add(value);
    return true;
  }

  #has({ secretKeyId, bytes }: SecretValue): boolean {
    return this.#values.some((known) => known.secretKeyId === secretKeyId && Buffer.compare(known.bytes, bytes) === 0);
  }

  /** Of all values, with a receipt of its own. It ends with this object. */
  redactor(): Redactor {
    return this.#redactor.withOwnReceipt();
  }

  redact(traces: Traces): RedactedTraces {
    const redactor = this.redactor();
    const redacted = {
      output: traces.output === undefined ? undefined : (redactor.json(traces.output, root) as JsonValue),
      logs: traces.logs.map((line, index) => ({
        ...line,
        text: redactor.text(line.text, { kind: 'log', line: index + 1 }),
      })),
      error: traces.error && { ...traces.error, message: redactor.text(traces.error.message, { kind: 'error' }) },
    };
    return { ...redacted, receipt: receiptOf(redactor) };
  }

  /** For bytes that are no text, before they are written as text. */
  redactBytes(bytes: Uint8Array, path: string): { readonly bytes: Buffer; readonly receipt: readonly RunRedaction[] } {
    const redactor = this.redactor();
    const stream = redactor.stream({ kind: 'output', path });
    const redacted = Buffer.concat([stream.push(bytes), stream.end({ truncated: false })]);
    return { bytes: redacted, receipt: receiptOf(redactor) };
  }

  redactInput(input: JsonValue): JsonValue {
    const redactor = this.redactor();
    return redactor.json(input, root) as JsonValue;
  }

  /** Fills all values with zero. */
  destroy(): void {
    this.#redactor.destroy();
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
