/** Written values in what carries them out of a run, and the same carriers with nothing secret in them. */
import { nastyValues } from '../runner/redaction/fixtures.js';
import { type Writer, writers } from '../runner/redaction/writers.js';

/** How the redactor is asked: as a text, as JSON, or as a stream in small chunks. */
export type Carrier = 'log line' | 'header' | 'HTML' | 'JSON' | 'JSON key' | 'stream';

export interface Sample {
  readonly writer: Writer;
  readonly kind: string;
  readonly value: string;
  readonly written: string | Uint8Array;
  readonly carrier: Carrier;
}

export const carriers: readonly Carrier[] = ['log line', 'header', 'HTML', 'JSON', 'JSON key', 'stream'];

/** Every writer, value and carrier that go together: bytes that are no text go only through a stream. */
export function* samples(): Generator<Sample> {
  for (const writer of writers) {
    for (const [kind, value] of Object.entries(nastyValues)) {
      const written = writer.write(value);
      for (const carrier of carriers) {
        if (typeof written !== 'string' && carrier !== 'stream') continue;
        yield { writer, kind, value, written, carrier };
      }
    }
  }
}

export const around = (carrier: Carrier, text: string): string => {
  if (carrier === 'log line') return `2026-01-01T00:00:00Z info charge failed key=${text} attempt=2`;
  if (carrier === 'header') return `Bearer ${text}`;
  if (carrier === 'HTML') return `<p class="error">The key <code>${text}</code> is not valid &amp; was refused.</p>`;
  return text;
};

const words =
  'charge customer invoice 4242 {"id":"ch_1f0c","amount":1999,"ok":true} &amp; %20 \\n <td>2026-01-01</td> SGVsbG8='.split(
    ' ',
  );

/** Ordinary text of `length` bytes, the same each time, in which no value stands. */
export function ordinaryText(length: number): Buffer {
  let seed = 1;
  let text = '';
  while (text.length < length) {
    seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
    text += `${words[(seed >>> 16) % words.length]} ${(seed >>> 8).toString(36)} `;
  }
  return Buffer.from(text.slice(0, length), 'latin1');
}
