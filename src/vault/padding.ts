/** Bytes in a value, at least and at most. */
export const valueLimits = { minimum: 1, maximum: 65_536 } as const;

const prefixLength = 4;
const bucket = 64;

/**
 * Bytes that a block of `length` bytes is padded to: the next multiple of 64, and from 2 KiB on the next length of Padmé,
 * which costs at most 12 % and tells O(log log length) bits of the length (Nikitin, Barman, Lueks, Underwood, Hubaux and
 * Ford, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", PoPETs 2019(4), algorithm Padmé,
 * https://doi.org/10.2478/popets-2019-0056). Padmé's own steps below 1 KiB are finer than 64.
 */
export function paddedLength(length: number): number {
  const exponent = floorLog2(length);
  const keptBits = floorLog2(exponent) + 1;
  const step = Math.max(bucket, 2 ** (exponent - keptBits));
  return Math.ceil(length / step) * step;
}

/**
 * The value's length (uint32, big-endian), the value, and zeros up to `paddedLength`.
 *
 * @throws RangeError when the value is shorter or longer than `valueLimits`.
 */
export function pad(value: Uint8Array): Uint8Array {
  if (!isValueLength(value.length)) {
    throw new RangeError(`A value has ${valueLimits.minimum} to ${valueLimits.maximum} bytes.`);
  }
  const padded = new Uint8Array(paddedLength(prefixLength + value.length));
  new DataView(padded.buffer).setUint32(0, value.length);
  padded.set(value, prefixLength);
  return padded;
}

/**
 * A copy of the value in the block.
 *
 * @throws RangeError when `pad` would not have made these very bytes.
 */
export function unpad(padded: Uint8Array): Uint8Array {
  const length = new DataView(padded.buffer, padded.byteOffset, padded.byteLength).getUint32(0);
  const end = prefixLength + length;
  const isWhole = isValueLength(length) && padded.length === paddedLength(end);
  if (!isWhole || padded.subarray(end).some((byte) => byte !== 0)) throw new RangeError('The padding is not valid.');
  return Uint8Array.from(padded.subarray(prefixLength, end));
}

const isValueLength = (length: number): boolean => length >= valueLimits.minimum && length <= valueLimits.maximum;

const floorLog2 = (integer: number): number => 31 - Math.clz32(integer);
