/** TextEncoder, TextDecoder, atob and btoa. */
import { defineGlobals, door } from './door.js';

export type Bytes = ArrayBuffer | ArrayBufferView;

/** The bytes themselves, not a copy. */
export function bytesOf(source: Bytes): Uint8Array {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (ArrayBuffer.isView(source)) return new Uint8Array(source.buffer, source.byteOffset, source.byteLength);
  throw new TypeError('Bytes must be an ArrayBuffer or a typed array.');
}

export const isBytes = (value: unknown): value is Bytes => value instanceof ArrayBuffer || ArrayBuffer.isView(value);

export const encodeUtf8 = (text: string): Uint8Array<ArrayBuffer> => door.encodeUtf8(text.toWellFormed());

class TextEncoder {
  readonly encoding = 'utf-8';

  encode(text = ''): Uint8Array {
    return encodeUtf8(String(text));
  }
}

class TextDecoder {
  readonly encoding = 'utf-8';
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;

  constructor(label = 'utf-8', options: { fatal?: boolean; ignoreBOM?: boolean } = {}) {
    if (!['utf-8', 'utf8', 'unicode-1-1-utf-8'].includes(String(label).trim().toLowerCase())) {
      throw new RangeError('The sandbox decodes utf-8 alone.');
    }
    this.fatal = Boolean(options.fatal);
    this.ignoreBOM = Boolean(options.ignoreBOM);
  }

  decode(source: Bytes = new ArrayBuffer(0), options: { stream?: boolean } = {}): string {
    if (options.stream) throw new TypeError('The sandbox decodes whole texts: stream is not supported.');
    const text = door.decodeUtf8(bytesOf(source), this.fatal, this.ignoreBOM);
    if (text === null) throw new TypeError('The bytes are not utf-8.');
    return text;
  }
}

/** As src/runner/sandbox/placeholders.ts reads them. */
const placeholder = /nightsafe_placeholder_([\w-]{22})/;
const derivedPlaceholder = /nightsafe_derived_[\w-]{22}_([\w-]*)\.end/;

const encodeBase64 = globalThis.btoa;
const decodeBase64 = globalThis.atob;

/**
 * Base64 as ever; of text with a placeholder in it, a placeholder for the base64 of what the runner puts in its place. Of such a one
 * there is none.
 */
function btoa(value: unknown): string {
  const text = String(value);
  if (derivedPlaceholder.test(text)) {
    throw new DOMException('The text has the base64 of a key in it: there is no base64 of that.', 'NotSupportedError');
  }
  const base64 = encodeBase64(text);
  const name = placeholder.exec(text)?.[1];
  if (name === undefined) return base64;
  if (door.decodeUtf8(door.fromBase64(base64), true, true) === null) {
    throw new DOMException('The text beside a key must be ASCII or UTF-8.', 'InvalidCharacterError');
  }
  const base64url = base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  return `nightsafe_derived_${name}_${base64url}.end`;
}

function atob(value: unknown): string {
  const text = String(value);
  const [whole, base64url] = derivedPlaceholder.exec(text) ?? [];
  return decodeBase64(
    base64url === undefined || whole !== text ? text : base64url.replaceAll('-', '+').replaceAll('_', '/'),
  );
}

defineGlobals({ TextEncoder, TextDecoder, atob, btoa });
