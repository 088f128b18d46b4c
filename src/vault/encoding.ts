import { toUSVString } from 'node:util';
import { concatBytes } from '@noble/hashes/utils.js';

/** What can be encoded. Numbers are integers; a list may hold lists. */
export type Field = null | boolean | number | string | Uint8Array | readonly Field[];

const frameLength = 5;

/**
 * The canonical bytes of a field: its type (one byte), the length of its content (uint32, big-endian), its content.
 * Different fields have different bytes, and no encoding is the beginning of another, so that bytes may follow one.
 *
 * @throws TypeError for text with a lone surrogate, RangeError for a number that is not a safe integer: both have no
 *   bytes of their own.
 */
export function encode(field: Field): Uint8Array {
  if (field === null) return frame('n', new Uint8Array());
  if (typeof field === 'boolean') return frame('b', Uint8Array.of(field ? 1 : 0));
  if (typeof field === 'number') return frame('i', integerBytes(field));
  if (typeof field === 'string') return frame('s', textBytes(field));
  if (field instanceof Uint8Array) return frame('x', field);
  return frame('l', concatBytes(...field.map(encode)));
}

/** The fields in an order that depends on nothing but the fields, for a list that stands for a set. */
export function canonicalOrder(fields: readonly Field[]): readonly Field[] {
  return [...fields].sort((a, b) => Buffer.compare(encode(a), encode(b)));
}

function frame(type: string, content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frameLength + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, type.charCodeAt(0));
  view.setUint32(1, content.length);
  bytes.set(content, frameLength);
  return bytes;
}

function integerBytes(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new RangeError('Only a safe integer can be encoded.');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
}

function textBytes(text: string): Uint8Array {
  if (toUSVString(text) !== text) throw new TypeError('Text with a lone surrogate cannot be encoded.');
  return new TextEncoder().encode(text);
}
