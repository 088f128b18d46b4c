/** Messages on a pipe: the length of the JSON in UTF-8 as a big-endian uint32, and then the JSON. */
import { ProtocolError } from './protocol-error.js';

const prefixBytes = 4;

/** @throws RangeError when the text is longer than a length can tell. */
export function frame(json: string): Buffer {
  const length = Buffer.byteLength(json);
  const bytes = Buffer.allocUnsafe(prefixBytes + length);
  bytes.writeUInt32BE(length);
  bytes.write(json, prefixBytes);
  return bytes;
}

/** Takes frames apart as their bytes arrive, and holds no more than one frame of the greatest length. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #held = 0;
  #needed = prefixBytes;
  #isInBody = false;

  constructor(private readonly maximumBytes: number) {}

  /**
   * The texts of the frames that these bytes complete.
   *
   * @throws ProtocolError when a frame is empty, too long or not UTF-8.
   */
  *push(chunk: Buffer): Generator<string> {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    while (this.#held >= this.#needed) {
      const bytes = this.#take(this.#needed);
      if (this.#isInBody) {
        this.#isInBody = false;
        this.#needed = prefixBytes;
        yield decode(bytes);
      } else {
        this.#needed = bytes.readUInt32BE();
        if (this.#needed === 0 || this.#needed > this.maximumBytes) throw new ProtocolError('a frame of this length');
        this.#isInBody = true;
      }
    }
  }

  #take(length: number): Buffer {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#held);
    this.#chunks = all.length === length ? [] : [all.subarray(length)];
    this.#held -= length;
    return all.subarray(0, length);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ProtocolError('a frame that is not UTF-8');
  }
}
