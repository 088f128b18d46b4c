/** The bytes of a body, with every value escaped as its place demands. */
import type { SecretKeyId } from '../../ids.js';
import { type EgressProblem, egressError, egressProblem } from './egress-error.js';
import type { EgressBody, EgressKey, JsonParts, NamedParts, Part } from './egress-request.js';
import { bytesOf, countBytes, keysIn, lendCounted, percentEncoded } from './parts.js';
import { namesWithKeys } from './url-template.js';

type Keys = ReadonlyMap<SecretKeyId, EgressKey>;

/** As deep as any API's documents, and far from the end of the stack. */
const deepestJson = 100;

/** The parts of values; names have no key in them, or `bodyProblems` says so. */
export function partsOfBody(body: EgressBody | null): readonly Part[] {
  switch (body?.kind) {
    case 'text':
      return body.parts;
    case 'json':
      return [...stringsOf(body.value, deepestJson)].flat();
    case 'form':
      return body.fields.flatMap(({ value }) => value);
    default:
      return [];
  }
}

export function bodyProblems(body: EgressBody | null): EgressProblem[] {
  if (body?.kind === 'form') return namesWithKeys('body.fields', body.fields);
  if (body?.kind === 'json' && !isJson(body.value, deepestJson)) {
    const message = `The JSON body may have ${deepestJson} levels, and numbers that JSON can express.`;
    return [egressProblem('REQUEST_INVALID', message, 'body')];
  }
  return [];
}

export const contentTypeOf = (body: EgressBody | null): string | null => {
  switch (body?.kind) {
    case 'text':
      return body.contentType ?? 'text/plain;charset=UTF-8';
    case 'json':
      return body.contentType ?? 'application/json';
    case 'form':
      return 'application/x-www-form-urlencoded';
    default:
      return body?.contentType ?? null;
  }
};

/** What `renderBody` puts together, before it is escaped. */
export function countBodyBytes(body: EgressBody | null, keys: Keys): number {
  switch (body?.kind) {
    case 'text':
      return countBytes(body.parts, keys);
    case 'json':
      return countJsonBytes(body.value, keys);
    case 'form':
      return body.fields.reduce((count, field) => count + countNamedBytes(field, keys), 0);
    default:
      return body?.bytes.length ?? 0;
  }
}

export const countNamedBytes = ({ name, value }: NamedParts, keys: Keys): number =>
  countBytes(name, keys) + countBytes(value, keys);

function countJsonBytes(value: JsonParts, keys: Keys): number {
  if (value === null || typeof value !== 'object') return String(value).length;
  if ('string' in value) return countBytes(value.string, keys);
  if ('array' in value) return value.array.reduce<number>((count, element) => count + countJsonBytes(element, keys), 0);
  return value.object.reduce(
    (count, member) => count + Buffer.byteLength(member.name) + countJsonBytes(member.value, keys),
    0,
  );
}

/**
 * Bytes that are the caller's to fill with zero.
 *
 * @throws EgressError KEY_VALUE_UNFIT for a value in JSON that is not UTF-8.
 */
export function renderBody(body: EgressBody, keys: Keys): Buffer {
  switch (body.kind) {
    case 'text':
      return lendCounted(body.parts, keys, (bytes) => Buffer.from(bytes));
    case 'json':
      return Buffer.from(jsonText(body.value, keys));
    case 'form':
      return Buffer.from(
        body.fields
          .map(
            ({ name, value }) =>
              `${lendCounted(name, keys, percentEncoded)}=${lendCounted(value, keys, percentEncoded)}`,
          )
          .join('&'),
      );
    case 'bytes':
      return Buffer.from(body.bytes);
  }
}

function jsonText(value: JsonParts, keys: Keys): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if ('string' in value) return `"${value.string.map((part) => escaped(part, keys)).join('')}"`;
  if ('array' in value) return `[${value.array.map((element) => jsonText(element, keys)).join(',')}]`;
  return `{${value.object.map((member) => `${JSON.stringify(member.name)}:${jsonText(member.value, keys)}`).join(',')}}`;
}

function escaped(part: Part, keys: Keys): string {
  const bytes = bytesOf(part, keys);
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return JSON.stringify(text).slice(1, -1);
  } catch {
    const [id = null] = keysIn([part]);
    throw egressError('KEY_VALUE_UNFIT', 'The value of a key is not text, which JSON asks for.', 'body', id);
  } finally {
    bytes.fill(0);
  }
}

function isJson(value: JsonParts, levels: number): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return levels > 0 && childrenOf(value).every((child) => isJson(child, levels - 1));
}

function* stringsOf(value: JsonParts, levels: number): Generator<readonly Part[]> {
  if (value !== null && typeof value === 'object' && 'string' in value) yield value.string;
  if (levels > 0) for (const child of childrenOf(value)) yield* stringsOf(child, levels - 1);
}

function childrenOf(value: JsonParts): readonly JsonParts[] {
  if (value === null || typeof value !== 'object' || 'string' in value) return [];
  return 'array' in value ? value.array : value.object.map((member) => member.value);
}
