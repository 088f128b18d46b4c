/** From the text of a request to the bytes of a value. Nothing here keeps or quotes either. */
import { valueLimits } from '../../vault/padding.js';
import type { InputCheck } from '../input-check.js';
import type { SecretValueEncodingName, WarningCodeName } from './secret-key.enums.js';

/** Shorter values cannot be masked without masking everything, so they are never given to code as they are. */
export const shortestMaskable = 8;

/** The bytes; empty, with a problem added, when the text is not a value. The caller fills them with zeros after use. */
export function readValue(
  check: InputCheck,
  value: string,
  encoding: SecretValueEncodingName | null | undefined,
): Uint8Array {
  const bytes = encoding === 'BASE64' ? decodeBase64(check, value) : encodeText(check, value);
  if (bytes === null) return new Uint8Array();
  if (bytes.length < valueLimits.minimum) check.add('input.value', 'must not be empty');
  if (bytes.length > valueLimits.maximum) check.add('input.value', `must have at most ${valueLimits.maximum} bytes`);
  return bytes;
}

function encodeText(check: InputCheck, value: string): Uint8Array | null {
  if (value.isWellFormed()) return new TextEncoder().encode(value);
  check.add('input.value', 'must be well-formed Unicode; send bytes as BASE64');
  return null;
}

function decodeBase64(check: InputCheck, value: string): Uint8Array | null {
  const bytes = Buffer.from(value, 'base64');
  // Buffer skips what it does not know; only a text that encodes to itself again was base64.
  if (bytes.toString('base64') === value) return bytes;
  bytes.fill(0);
  check.add('input.value', 'must be base64 (RFC 4648, padded, no line breaks)');
  return null;
}

/** Fewer digits can be tried one after the other, and masking tells which of them the value is. */
const guessableDigits = 16;

const lineFeed = 0x0a;
const isSpace = (byte: number | undefined): boolean =>
  byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === lineFeed;

const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;

export function valueWarnings(bytes: Uint8Array): WarningCodeName[] {
  const warnings: WarningCodeName[] = [];
  if (bytes.length < shortestMaskable) warnings.push('SHORT_VALUE');
  if (bytes.length < guessableDigits && bytes.every(isDigit)) warnings.push('GUESSABLE_VALUE');
  if (bytes.at(-1) === lineFeed) warnings.push('TRAILING_NEWLINE');
  else if (isSpace(bytes[0]) || isSpace(bytes.at(-1))) warnings.push('SURROUNDING_SPACE');
  return warnings;
}
