/** Reads a response's body up to a limit, which holds for what comes over the wire and for what is decoded from it. */
import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { egressError } from './egress-error.js';
import type { Header } from './header-rules.js';

export type ContentEncoding = 'identity' | 'gzip' | 'deflate' | 'br';

/** @throws EgressError RESPONSE_ENCODING_REFUSED. */
export function contentEncodingOf(headers: readonly Header[]): ContentEncoding {
  const names = headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && name !== 'identity');
  const [name = 'identity'] = names;
  if (names.length <= 1) {
    if (name === 'x-gzip') return 'gzip'; // RFC 9110, section 8.4.1.3
    if (name === 'identity' || name === 'gzip' || name === 'deflate' || name === 'br') return name;
  }
  throw egressError(
    'RESPONSE_ENCODING_REFUSED',
    'The response has an encoding other than one of gzip, deflate and br.',
  );
}

/** @throws EgressError RESPONSE_TOO_LARGE as soon as the limit is passed, RESPONSE_INVALID for what cannot be decoded. */
export async function readBody(source: Readable, encoding: ContentEncoding, mostBytes: number): Promise<Uint8Array> {
  const chunks = limited(source, mostBytes);
  if (encoding === 'identity') return collected(chunks);

  const first = await chunks.next();
  if (first.done) return new Uint8Array();
  const decoder = decoderFor(encoding, first.value);
  const rest = Readable.from(rejoined(first.value, chunks), { objectMode: false });
  pipeline(rest, decoder, () => undefined);
  try {
    return await collected(limited(decoder, mostBytes));
  } catch (error) {
    throw isOfCodec(error)
      ? egressError('RESPONSE_INVALID', 'The body is not of the encoding that its headers name.')
      : error;
  }
}

async function* limited(source: Readable, mostBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of source as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw egressError('RESPONSE_TOO_LARGE', "The response's body is larger than the limit.");
    yield chunk;
  }
}

async function collected(chunks: AsyncIterable<Buffer>): Promise<Uint8Array> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Uint8Array.from(Buffer.concat(all));
}

async function* rejoined(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

/** `deflate` means zlib's format, but some servers send it bare. The first byte tells: its low half is 8 in zlib's (RFC 1950). */
function decoderFor(encoding: Exclude<ContentEncoding, 'identity'>, start: Buffer): Transform {
  if (encoding === 'gzip') return createGunzip();
  if (encoding === 'br') return createBrotliDecompress();
  return ((start[0] ?? 0) & 0x0f) === 8 ? createInflate() : createInflateRaw();
}

const isOfCodec = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && /^(?:Z_|ERR__ERROR_|ERR_BROTLI_)/.test(String(error.code));
