/**
 * A URL with keys left open. It is parsed once, with a random marker in the place of each key; where the markers land says where
 * the values would go, before there is a value. The values come in afterwards, percent-encoded, and nothing is parsed for them.
 */
import { randomBytes } from 'node:crypto';
import type { SecretKeyId } from '../../ids.js';
import { type EgressProblem, egressError, egressProblem } from './egress-error.js';
import type { EgressKey, EgressRequest, Part } from './egress-request.js';
import { bytesOf, fieldsOf, type Hole, isText, keysIn, percentEncoded } from './parts.js';

export interface UrlTemplate {
  /** Scheme, host and port are final; path and query have markers in them, and the fragment is gone. */
  readonly url: URL;
  readonly holes: ReadonlyMap<string, Hole>;
}

/** The template, or why there is none. */
export function readUrl(parts: readonly Part[]): UrlTemplate | EgressProblem {
  const holes = new Map<string, Hole>();
  const text = parts.map((part) => (isText(part) ? part.text : mark(holes, part))).join('');
  if (!URL.canParse(text)) {
    const [hole] = holes.values();
    const before = text.split(anyMarker, 1)[0] ?? '';
    return hole !== undefined && !/^\s*https?:[/\\]*[^/\\?#]+[/\\?#]/i.test(before) ? misplaced(hole) : invalid();
  }
  const url = new URL(text);
  const placed = new Set(`${url.pathname}\n${queryValues(url.search)}`.match(anyMarker));
  for (const [marker, hole] of holes) if (!placed.has(marker)) return misplaced(hole);
  url.hash = '';
  // The hex digits of a value must not complete an escape that the text around it has begun.
  for (const [, marker = ''] of url.href.matchAll(completingMarker)) {
    const hole = holes.get(marker);
    if (hole !== undefined) return misplaced(hole);
  }
  return urlProblem(url) ?? { url, holes };
}

/** Why a URL, the request's own or a redirect's, is not one to send to, whoever is asked for the address; null when it is. */
export function urlProblem(url: URL): EgressProblem | null {
  const isPlainHost = url.hostname !== '' && !url.hostname.endsWith('.');
  const isPlain = /^https?:$/.test(url.protocol) && isPlainHost && url.username === '' && url.password === '';
  return isPlain ? null : invalid();
}

/** @throws EgressError KEY_VALUE_UNFIT when a value would make a segment of the path one that servers take out of it. */
export function renderUrl(
  template: UrlTemplate,
  query: EgressRequest['query'],
  keys: ReadonlyMap<SecretKeyId, EgressKey>,
): URL {
  const fill = (text: string): string =>
    text.replace(anyMarker, (marker) => {
      const hole = template.holes.get(marker);
      return hole === undefined ? marker : encoded(hole, keys);
    });
  const segments = template.url.pathname.split('/').map((segment) => {
    const filled = fill(segment);
    if (filled !== segment && isDotted(filled)) {
      const hole = segment.match(anyMarker)?.flatMap((marker) => template.holes.get(marker) ?? [])[0];
      throw egressError(
        'KEY_VALUE_UNFIT',
        'The value of a key would change the path of the URL.',
        'url',
        hole === undefined ? null : (keysIn([hole])[0] ?? null),
      );
    }
    return filled;
  });
  const added = query.map(({ name, value }) => `${allEncoded(name, keys)}=${allEncoded(value, keys)}`);
  const search = [fill(template.url.search.slice(1)), ...added].filter((piece) => piece !== '').join('&');
  const text = `${template.url.origin}${segments.join('/')}${search === '' ? '' : `?${search}`}`;
  return new URL(text);
}

const encoded = (part: Part, keys: ReadonlyMap<SecretKeyId, EgressKey>): string => {
  const bytes = bytesOf(part, keys);
  try {
    return percentEncoded(bytes);
  } finally {
    bytes.fill(0);
  }
};

const allEncoded = (parts: readonly Part[], keys: ReadonlyMap<SecretKeyId, EgressKey>): string =>
  parts.map((part) => encoded(part, keys)).join('');

/** True when a server that decodes the segment once finds `.` or `..` in it, as the whole or between slashes of either kind. */
const isDotted = (segment: string): boolean =>
  segment
    .replace(/%2e/gi, '.')
    .split(/[/\\]|%2f|%5c/i)
    .some((piece) => piece === '.' || piece === '..');

/** What `mark` makes, and whatever looks like it: a `k` and no other one, so that no two can overlap. */
const anyMarker = /k[\da-f]{32}/g;
const completingMarker = /%[\dA-Fa-f]?(k[\da-f]{32})/g;

function mark(holes: Map<string, Hole>, hole: Hole): string {
  const marker = `k${randomBytes(16).toString('hex')}`;
  holes.set(marker, hole);
  return marker;
}

/** What stands behind the first `=` of each parameter. */
const queryValues = (search: string): string =>
  search
    .slice(1)
    .split('&')
    .map((pair) => /=(.*)/s.exec(pair)?.[1] ?? '')
    .join('&');

const invalid = (): EgressProblem =>
  egressProblem(
    'URL_INVALID',
    'The URL must be absolute, start with https:// or http://, and have a plain host without user name and password.',
    'url',
  );

const misplaced = (hole: Hole): EgressProblem =>
  egressProblem(
    'KEY_PLACE_REFUSED',
    'A key may stand in the path of the URL, or as the value of a query parameter, and nowhere else in it.',
    'url',
    keysIn([hole])[0] ?? null,
  );

/** The names of added query parameters that a key stands in. */
export const namesWithKeys = (path: string, rows: EgressRequest['query']): EgressProblem[] =>
  fieldsOf(path, rows).flatMap(({ field, row }) =>
    keysIn(row.name)
      .slice(0, 1)
      .map((id) => egressProblem('KEY_PLACE_REFUSED', 'A key may not stand in a name.', `${field}.name`, id)),
  );
