/** Which headers an author may set, and what a value may be made of. */
import type { SecretKeyId } from '../../ids.js';
import { type EgressProblem, egressError, egressProblem } from './egress-error.js';
import type { EgressKey, NamedParts } from './egress-request.js';
import { bytesOf, fieldsOf, isText, keysIn, literalText } from './parts.js';

export type Header = readonly [name: string, value: string];

/**
 * Those of one connection (RFC 9110, section 7.6.1), those that say where a message ends or who answers it, and
 * `Accept-Encoding`, as the door decodes what comes back.
 */
const refusedNames = new Set([
  ...[
    'connection',
    'keep-alive',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
    'http2-settings',
  ],
  ...['host', 'content-length', 'expect', 'accept-encoding'],
]);

/** RFC 9110, section 5.6.2. */
const token = /^[!#$%&'*+.^_`|~\dA-Za-z-]+$/;

/** Tab, space and what RFC 9110 calls VCHAR. Neither CR, LF and NUL, nor letters whose encoding nobody knows. */
const visible = /^[\t\x20-\x7e]*$/;

/**
 * @param hasKeys whether a key is anywhere in the request. It cannot ask for a range then: a response in pieces could cut a value
 * so that no redaction finds it.
 */
export function headerProblems(headers: readonly NamedParts[], hasKeys: boolean): EgressProblem[] {
  return fieldsOf('headers', headers).flatMap(({ field, row }) => {
    const [keyInName] = keysIn(row.name);
    if (keyInName !== undefined) {
      return [egressProblem('KEY_PLACE_REFUSED', 'A key may not stand in a name.', `${field}.name`, keyInName)];
    }
    const name = literalText(row.name).toLowerCase();
    const problems: EgressProblem[] = [];
    if (!token.test(name)) {
      problems.push(egressProblem('HEADER_INVALID', 'The name of a header must be a token.', `${field}.name`));
    } else if (refusedNames.has(name) || name.startsWith('proxy-') || (hasKeys && name === 'range')) {
      problems.push(
        egressProblem(
          'HEADER_REFUSED',
          name === 'range' ? 'A request with a key in it cannot ask for a range.' : 'This header cannot be set.',
          `${field}.name`,
        ),
      );
    }
    if (row.value.some((part) => isText(part) && !visible.test(part.text))) problems.push(notVisible(`${field}.value`));
    return problems;
  });
}

export const contentTypeProblems = (contentType: string | undefined): EgressProblem[] =>
  contentType === undefined || visible.test(contentType) ? [] : [notVisible('body.contentType')];

/** @throws EgressError KEY_VALUE_UNFIT when a value has anything but visible ASCII in it. */
export function renderHeaders(headers: readonly NamedParts[], keys: ReadonlyMap<SecretKeyId, EgressKey>): Header[] {
  return fieldsOf('headers', headers).map(({ field, row }) => {
    const pieces = row.value.map((part) => {
      const bytes = bytesOf(part, keys);
      try {
        const text = bytes.toString('latin1');
        if (visible.test(text)) return text;
        throw egressError(
          'KEY_VALUE_UNFIT',
          'The value of a key has a line break or another character that no header can carry.',
          `${field}.value`,
          keysIn([part])[0] ?? null,
        );
      } finally {
        bytes.fill(0);
      }
    });
    return [literalText(row.name), pieces.join('')];
  });
}

/** The author's headers, and those that a request has in any case. */
export function withDefaults(headers: readonly Header[], contentType: string | null): Header[] {
  const defaults: Header[] = [
    ['User-Agent', 'Nightsafe'],
    ['Accept', '*/*'],
  ];
  if (contentType !== null) defaults.push(['Content-Type', contentType]);
  const given = new Set(headers.map(([name]) => name.toLowerCase()));
  return [
    ...headers,
    ...defaults.filter(([name]) => !given.has(name.toLowerCase())),
    ['Accept-Encoding', 'gzip, deflate, br'],
  ];
}

const notVisible = (field: string): EgressProblem =>
  egressProblem('HEADER_INVALID', 'A header may have visible ASCII characters, spaces and tabs only.', field);
