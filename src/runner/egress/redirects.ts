/** What a redirect makes of a request (Fetch Standard, section 4.5, "HTTP-redirect fetch"). */
import { egressError } from './egress-error.js';
import type { Hop, ResponseHead } from './exchange.js';
import { urlProblem } from './url-template.js';

const statuses = new Set([301, 302, 303, 307, 308]);

export const isRedirect = ({ status, headers }: ResponseHead): boolean =>
  statuses.has(status) && headers.some(([name]) => name.toLowerCase() === 'location');

/**
 * With a key in the request, to the same origin alone; without one, `Authorization` and `Cookie` stay behind at another origin.
 *
 * @throws EgressError REDIRECT_INVALID or REDIRECT_REFUSED.
 */
export function nextHop(hop: Hop, head: ResponseHead, hasKeys: boolean): Hop {
  const url = targetOf(hop, head);
  const isSameOrigin = url.origin === hop.url.origin;
  if (hasKeys && !isSameOrigin) {
    throw egressError(
      'REDIRECT_REFUSED',
      'A redirect leads to another origin, where the keys of the request may not go.',
    );
  }
  const { method } = hop;
  const becomesGet =
    head.status === 303 ? method !== 'GET' && method !== 'HEAD' : head.status < 303 && method === 'POST';
  const left = new Set([
    ...(isSameOrigin ? [] : ['authorization', 'cookie']),
    ...(becomesGet ? ['content-encoding', 'content-language', 'content-location', 'content-type'] : []),
  ]);
  return {
    method: becomesGet ? 'GET' : method,
    url,
    headers: hop.headers.filter(([name]) => !left.has(name.toLowerCase())),
    body: becomesGet ? null : hop.body,
  };
}

function targetOf(hop: Hop, head: ResponseHead): URL {
  const locations = head.headers.filter(([name]) => name.toLowerCase() === 'location').map(([, value]) => value);
  const [location = ''] = locations;
  if (locations.length === 1 && URL.canParse(location, hop.url.href)) {
    const url = new URL(location, hop.url.href);
    url.hash = '';
    if (urlProblem(url) === null) return url;
  }
  throw egressError('REDIRECT_INVALID', 'A redirect leads to something that is no plain https or http URL.');
}
