/** Everything about a request that can be said before anything is looked up, opened or sent. */
import type { SecretKeyId } from '../../ids.js';
import type { Placement } from '../../modules/secret-key/secret-key.entity.js';
import { addressRefused, isPublicAddress } from './address-policy.js';
import { type EgressProblem, egressProblem } from './egress-error.js';
import type { EgressLimits } from './egress-limits.js';
import { type EgressKey, type EgressKeyTerms, type EgressRequest, methods, type Part } from './egress-request.js';
import { contentTypeProblems, headerProblems } from './header-rules.js';
import { isPrivateHostWanted, literalAddress, mayGoTo } from './host-rules.js';
import { countBytes, fieldsOf, keysIn, unknownKey } from './parts.js';
import { bodyProblems, countBodyBytes, countNamedBytes, partsOfBody } from './request-body.js';
import { namesWithKeys, readUrl, type UrlTemplate } from './url-template.js';

type Terms = ReadonlyMap<SecretKeyId, EgressKeyTerms>;

/** Every key of the request, once. */
export const keysOfRequest = (request: EgressRequest): SecretKeyId[] => [...new Set(keysIn(partsOf(request)))];

/** The parts of every place that a key may stand in. */
export const partsOf = (request: EgressRequest): Part[] => placesOf(request).flatMap(({ parts }) => parts);

/** @param allowedPrivateHosts canonical hosts that the operator lets through the address policy. */
export function checkRequest(
  request: EgressRequest,
  keys: Terms,
  allowedPrivateHosts: readonly string[],
): EgressProblem[] {
  const template = readUrl(request.url);
  return [
    ...formProblems(request),
    ...('code' in template ? [template] : addressProblems(template.url, allowedPrivateHosts)),
    ...namesWithKeys('query', request.query),
    ...headerProblems(request.headers, keysOfRequest(request).length > 0),
    ...bodyProblems(request.body),
    ...termProblems(request, 'code' in template ? null : template, keys),
  ];
}

/** The first part of the request that has more bytes than it may, counted before any of them is joined or copied. */
export function sizeProblem(
  { url, query, headers, body }: EgressRequest,
  keys: ReadonlyMap<SecretKeyId, EgressKey>,
  { urlBytes, requestHeaderBytes, requestBytes }: EgressLimits,
): EgressProblem | null {
  const inUrl: Counted[] = [
    { field: 'url', bytes: countBytes(url, keys) },
    ...fieldsOf('query', query).map(({ field, row }) => ({
      field: `${field}.value`,
      bytes: countNamedBytes(row, keys),
    })),
  ];
  const inHeaders = fieldsOf('headers', headers).map(
    ({ field, row }): Counted => ({ field: `${field}.value`, bytes: countNamedBytes(row, keys) }),
  );
  const all = [...inUrl, ...inHeaders, { field: 'body', bytes: countBodyBytes(body, keys) }];
  const field =
    firstBeyond(inUrl, urlBytes) ?? firstBeyond(inHeaders, requestHeaderBytes) ?? firstBeyond(all, requestBytes);
  return field === null
    ? null
    : egressProblem('REQUEST_TOO_LARGE', 'The request would be larger than it may be.', field);
}

interface Counted {
  readonly field: string;
  readonly bytes: number;
}

function firstBeyond(counts: readonly Counted[], mostBytes: number): string | null {
  let sum = 0;
  for (const { field, bytes } of counts) {
    sum += bytes;
    if (sum > mostBytes) return field;
  }
  return null;
}

function hostProblems(url: URL, ids: readonly SecretKeyId[], keys: Terms): EgressProblem[] {
  return ids.flatMap((id) => {
    const key = keys.get(id);
    return key === undefined || mayGoTo(key, url) ? [] : [hostRefused(id)];
  });
}

/** A literal address that is not public. What a name resolves to is known later. */
function addressProblems(url: URL, allowedPrivateHosts: readonly string[]): EgressProblem[] {
  const address = literalAddress(url);
  const isRefused = address !== null && !isPublicAddress(address) && !isPrivateHostWanted(url, allowedPrivateHosts);
  return isRefused ? [addressRefused()] : [];
}

function formProblems(request: EgressRequest): EgressProblem[] {
  const problems: EgressProblem[] = [];
  const { method, timeoutMs, body } = request;
  if (!methods.includes(method)) {
    problems.push(egressProblem('REQUEST_INVALID', `The method must be one of ${methods.join(', ')}.`, 'method'));
  }
  if (timeoutMs !== undefined && !(timeoutMs > 0)) {
    problems.push(egressProblem('REQUEST_INVALID', 'The time limit must be longer than zero.', 'timeoutMs'));
  }
  if (body !== null && (method === 'GET' || method === 'HEAD')) {
    problems.push(egressProblem('REQUEST_INVALID', 'A GET or HEAD request has no body.', 'body'));
  }
  if (body !== null && body.kind !== 'form') problems.push(...contentTypeProblems(body.contentType));
  return problems;
}

interface Place {
  readonly field: string;
  readonly placement: Placement;
  readonly parts: readonly Part[];
}

function placesOf({ url, query, headers, body }: EgressRequest): Place[] {
  return [
    { field: 'url', placement: 'QUERY', parts: url },
    ...fieldsOf('query', query).map(
      ({ field, row }): Place => ({ field: `${field}.value`, placement: 'QUERY', parts: row.value }),
    ),
    ...fieldsOf('headers', headers).map(
      ({ field, row }): Place => ({ field: `${field}.value`, placement: 'HEADER', parts: row.value }),
    ),
    { field: 'body', placement: 'BODY', parts: partsOfBody(body) },
  ];
}

function termProblems(request: EgressRequest, template: UrlTemplate | null, keys: Terms): EgressProblem[] {
  const problems = placesOf(request).flatMap(({ field, placement, parts }) =>
    [...new Set(keysIn(parts))].flatMap((id) => {
      const key = keys.get(id);
      if (key === undefined) return [unknownKey(field, id)];
      return key.placements.includes(placement) ? [] : [placementRefused(field, placement, id)];
    }),
  );
  return template === null ? problems : [...problems, ...hostProblems(template.url, keysOfRequest(request), keys)];
}

const placeNames = { HEADER: 'a header', QUERY: 'the URL', BODY: 'the body' } as const satisfies Record<
  Placement,
  string
>;

const placementRefused = (field: string, placement: Placement, id: SecretKeyId): EgressProblem =>
  egressProblem('KEY_PLACEMENT_REFUSED', `This key may not be put into ${placeNames[placement]}.`, field, id);

const hostRefused = (id: SecretKeyId): EgressProblem =>
  egressProblem('KEY_HOST_REFUSED', 'This key may not go to the host of the URL.', 'url', id);
