/** What can be encoded. Numbers are integers; a list may hold lists. */
export type Field = null | boolean | number | string | Uint8Array | readonly Field[];

const frameLength = 5;
const integerLength = 8;

/**
 * The canonical bytes of a field: its type (one byte), the length of its content (uint32, big-endian), its content.
 * Different fields have different bytes, and no encoding is the beginning of another, so that bytes may follow one.
 *
 * @throws TypeError for text with a lone surrogate, RangeError for a number that is not a safe integer: both have no
 *   bytes of their own.
 */
export function encode(field: Field): Uint8Array {
  const bytes = new Uint8Array(encodedLength(field));
  write(Buffer.from(bytes.buffer), 0, field);
  return bytes;
}

/** The fields in an order that depends on nothing but the fields, for a list that stands for a set. */
export function canonicalOrder(fields: readonly Field[]): readonly Field[] {
  return fields
    .map((field) => ({ field, bytes: encode(field) }))
    .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    .map(({ field }) => field);
}

const encodedLength = (field: Field): number => frameLength + contentLength(field);

function contentLength(field: Field): number {
  if (field === null) return 0;
  if (typeof field === 'boolean') return 1;
  if (typeof field === 'number') return integerLength;
  if (typeof field === 'string') return Buffer.byteLength(field);
  if (field instanceof Uint8Array) return field.length;
  return field.reduce<number>((sum, member) => sum + encodedLength(member), 0);
}

/** Writes the encoding to a place and returns where it ends. */
function write(into: Buffer, at: number, field: Field): number {
  const start = at + frameLength;
  const end = writeContent(into, start, field);
  into[at] = typeOf(field).charCodeAt(0);
  into.writeUInt32BE(end - start, at + 1);
  return end;
}

function typeOf(field: Field): string {
  if (field === null) return 'n';
  if (typeof field === 'boolean') return 'b';
  if (typeof field === 'number') return 'i';
  if (typeof field === 'string') return 's';
  return field instanceof Uint8Array ? 'x' : 'l';
}

function writeContent(into: Buffer, at: number, field: Field): number {
  if (field === null) return at;
  if (typeof field === 'boolean') return into.writeUInt8(field ? 1 : 0, at);
  if (typeof field === 'number') {
    if (!Number.isSafeInteger(field)) throw new RangeError('Only a safe integer can be encoded.');
    return into.writeBigInt64BE(BigInt(field), at);
  }
  if (typeof field === 'string') {
    if (!field.isWellFormed()) throw new TypeError('Text with a lone surrogate cannot be encoded.');
    return at + into.write(field, at);
  }
  if (field instanceof Uint8Array) {
    into.set(field, at);
    return at + field.length;
  }
  let end = at;
  for (const member of field) end = write(into, end, member);
  return end;
}
