/** How programs write a value, by the platform's own functions where it has them: nothing here is the redactor's code. */
import type { Encoding } from '../../../src/runner/redaction/redactor.js';

export interface Writer {
  readonly name: string;
  readonly encoding: Encoding;
  readonly write: (value: string) => string | Uint8Array;
  /** Bytes of the longest value that a stream finds so, where that has an end. */
  readonly longest?: number;
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const asciiOnly = (text: string): string =>
  text.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const upperHex = (byte: number): string => byte.toString(16).toUpperCase().padStart(2, '0');
const base64At = (offset: number) => (value: string) =>
  Buffer.concat([Buffer.from('\0\0'.slice(0, offset)), Buffer.from(value), Buffer.from('\0')]).toString('base64');
const htmlNames: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const eachCharacter = (write: (codePoint: number) => string) => (value: string) =>
  Array.from(value, (character) => write(character.codePointAt(0) ?? 0)).join('');

const writer = (encoding: Encoding, name: string, write: Writer['write']): Writer => ({ encoding, name, write });
/** Every character becomes several, for which long values have no patterns. */
const multiplying = (...named: Parameters<typeof writer>): Writer => ({ ...writer(...named), longest: 4096 });

export const writers: readonly Writer[] = [
  writer('raw', 'raw', (value) => value),
  writer('json', 'JSON', inJson),
  writer('json', 'JSON in JSON', (value) => inJson(inJson(value))),
  writer('json', 'JSON in ASCII', (value) => asciiOnly(inJson(value))),
  writer('json', 'JSON that is safe in HTML', (value) =>
    inJson(value).replace(/[<>&\u2028\u2029]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  ),
  writer('percent', 'percent', encodeURIComponent),
  writer('percent', 'percent in small letters', (value) =>
    encodeURIComponent(value).replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  ),
  multiplying('percent', 'percent of every byte', (value) =>
    Array.from(Buffer.from(value), (byte) => `%${upperHex(byte)}`).join(''),
  ),
  writer('percent', 'percent twice', (value) => encodeURIComponent(encodeURIComponent(value))),
  writer('percent', 'form', (value) => new URLSearchParams({ v: value }).toString().slice(2)),
  writer('entity', 'entities by name', (value) => value.replace(/[&<>"']/g, (mark) => htmlNames[mark] ?? mark)),
  multiplying(
    'entity',
    'decimal entities',
    eachCharacter((codePoint) => `&#${codePoint};`),
  ),
  multiplying(
    'entity',
    'hexadecimal entities',
    eachCharacter((codePoint) => `&#x${codePoint.toString(16)};`),
  ),
  writer('quoted', 'single quotes of a shell', (value) => value.replaceAll("'", `'\\''`)),
  writer('quoted', 'backslashes of a shell', (value) => value.replace(/[$`"\\]/g, '\\$&')),
  writer('base64', 'base64', base64At(0)),
  writer('base64', 'base64 after 1 byte', base64At(1)),
  writer('base64', 'base64 after 2 bytes', base64At(2)),
  writer('base64', 'base64url', (value) => Buffer.from(value).toString('base64url')),
  writer('hex', 'hexadecimal', (value) => Buffer.from(value).toString('hex')),
  writer('hex', 'hexadecimal in capitals', (value) => Buffer.from(value).toString('hex').toUpperCase()),
  writer('bytes', 'a list of bytes', (value) => Buffer.from(value).join(',')),
  writer('bytes', 'a list of bytes with spaces', (value) => Array.from(Buffer.from(value)).join(', ')),
  writer('utf-16', 'UTF-16LE', (value) => Buffer.from(value, 'utf16le')),
  writer('latin-1', 'UTF-8 read as Latin-1', (value) => Buffer.from(value).toString('latin1')),
  writer('reversed', 'reversed by characters', (value) => Array.from(value).reverse().join('')),
  writer('case-folded', 'capitals', (value) => value.toUpperCase()),
];

const least = 8;
/** Bytes at either end of base64 that what stands around the value has a part in. */
const edge = 4;

/** Whether any 16 bytes in a row of the written value are still there; of a shorter one, all but its edges. */
export function survives(written: string | Uint8Array, output: Uint8Array): boolean {
  const all = Buffer.from(written);
  const out = Buffer.from(output);
  const bytes = all.length >= least + 2 * edge ? all.subarray(edge, -edge) : all;
  const length = Math.min(16, bytes.length);
  for (let at = 0; at + length <= bytes.length; at += 1) if (out.includes(bytes.subarray(at, at + length))) return true;
  return false;
}
