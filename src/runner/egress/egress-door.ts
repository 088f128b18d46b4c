/**
 * The one door through which the runner sends HTTP: for Send API Request, for `fetch` in code, and for tests of a step.
 *
 *   count        the bytes of everything, before any of them is joined
 *   check        the URL parsed, with the places of its keys; the keys' hosts and placements; the headers
 *   substitute   values into their places, escaped for each
 *   resolve      the host, and refuse it when one of its addresses is not public
 *   connect      to one of these addresses; ask once more about the other end
 *   exchange     within the bounds; a redirect starts again from the top
 */
import { createSecureContext, type SecureContext } from 'node:tls';
import type { SecretKeyId } from '../../ids.js';
import { canonicalHost } from '../../modules/secret-key/use-terms.js';
import { OperatorError } from '../../operator-error.js';
import { addressRefused, isPublicAddress } from './address-policy.js';
import { checkRequest, keysOfRequest, sizeProblem } from './check-request.js';
import { addressesOf, connect, type Resolve, resolveByNameServers, resolveBySystem } from './connect.js';
import { Deadline } from './deadline.js';
import { EgressError, type EgressProblem, egressError } from './egress-error.js';
import { defaultEgressLimits, type EgressLimits } from './egress-limits.js';
import type { EgressKey, EgressKeyTerms, EgressRequest, EgressResponse, SendOptions } from './egress-request.js';
import { exchange, type Hop } from './exchange.js';
import { renderHeaders, withDefaults } from './header-rules.js';
import { isListed, isPrivateHostWanted } from './host-rules.js';
import { isRedirect, nextHop } from './redirects.js';
import { contentTypeOf, renderBody } from './request-body.js';
import { readUrl, renderUrl } from './url-template.js';

export interface EgressSettings {
  /**
   * `host` or `host:port`, for https and http alike; without a port: the default port of the scheme. The address policy does not
   * hold for them.
   */
  readonly allowedPrivateHosts?: readonly string[];
  readonly limits?: Partial<EgressLimits>;
  /** Name servers, and for private hosts that are allowed the system, unless given. */
  readonly resolve?: Resolve;
  /** PEM certificates to trust in the place of Node's own. */
  readonly ca?: string;
}

type Keys = ReadonlyMap<SecretKeyId, EgressKey>;

/** Every request has a connection of its own: no two share one, whoever they are of. */
export class EgressDoor {
  readonly #allowedPrivateHosts: readonly string[];
  readonly limits: EgressLimits;
  readonly #resolve: Resolve | undefined;
  readonly #secureContext: SecureContext;
  readonly #open = new Map<Deadline, Promise<unknown>>();
  #isClosed = false;

  /** @throws OperatorError for a private host that is none. */
  constructor(settings: EgressSettings = {}) {
    this.#allowedPrivateHosts = (settings.allowedPrivateHosts ?? []).map(readPrivateHost);
    this.limits = { ...defaultEgressLimits, ...settings.limits };
    this.#resolve = settings.resolve;
    this.#secureContext = createSecureContext({
      minVersion: 'TLSv1.2',
      ...(settings.ca === undefined ? {} : { ca: settings.ca }),
    });
  }

  /** What is wrong with a request, as far as it can be said without the network and without a value. */
  check(request: EgressRequest, keys: ReadonlyMap<SecretKeyId, EgressKeyTerms>): EgressProblem[] {
    return checkRequest(request, keys, this.#allowedPrivateHosts);
  }

  /** For whoever puts parts of a request together before it is sent. @throws EgressError REQUEST_TOO_LARGE. */
  mustFit(request: EgressRequest, keys: Keys): void {
    const problem = sizeProblem(request, keys, this.limits);
    if (problem !== null) throw new EgressError(problem);
  }

  /**
   * @param keys those of the request; more do no harm.
   * @throws EgressError, and what `onSending` throws.
   */
  async send(request: EgressRequest, keys: Keys, options: SendOptions): Promise<EgressResponse> {
    this.mustFit(request, keys);
    const [problem] = this.check(request, keys);
    if (problem !== undefined) throw new EgressError(problem);
    const { timeoutMs, longestTimeoutMs } = this.limits;
    const deadline = new Deadline(options.signal, Math.min(request.timeoutMs ?? timeoutMs, longestTimeoutMs));
    if (this.#isClosed) deadline.cancel();
    const sending = this.#sendWithin(deadline, request, keys, options);
    this.#open.set(
      deadline,
      sending.catch(() => undefined),
    );
    try {
      return await sending;
    } catch (error) {
      throw deadline.explain(error);
    } finally {
      deadline.end();
      this.#open.delete(deadline);
    }
  }

  /** Cancels what is under way, and whatever is sent from now on. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const deadline of this.#open.keys()) deadline.cancel();
    await Promise.all(this.#open.values());
  }

  async #sendWithin(
    deadline: Deadline,
    request: EgressRequest,
    keys: Keys,
    options: SendOptions,
  ): Promise<EgressResponse> {
    deadline.signal.throwIfAborted();
    const { redirect = 'follow' } = request;
    const ids = keysOfRequest(request);
    const first = render(request, keys);
    const redirects: string[] = [];
    try {
      for (let hop = first; ; ) {
        refuseUnlisted(hop.url, options.restrictHosts);
        const onSending = hop === first ? () => options.onSending() : async () => {};
        const { head, body } = await this.#exchange(hop, deadline, onSending, redirect !== 'manual');
        if (body !== null) return { ...head, body, url: hop.url.href, redirects };
        if (redirect === 'error') {
          throw egressError('REDIRECT_REFUSED', 'The response is a redirect, which was not wanted.');
        }
        if (redirects.length === this.limits.redirects) {
          throw egressError('TOO_MANY_REDIRECTS', 'More redirects followed each other than are allowed.');
        }
        // With keys it stays at its origin, which the keys' terms were checked for.
        hop = nextHop(hop, head, ids.length > 0);
        redirects.push(hop.url.href);
      }
    } finally {
      first.body?.fill(0);
    }
  }

  /** Without a body: a redirect. */
  async #exchange(hop: Hop, deadline: Deadline, onSending: () => Promise<void>, stopsAtRedirects: boolean) {
    const isWanted = isPrivateHostWanted(hop.url, this.#allowedPrivateHosts);
    const isAllowed = (address: string): boolean => isWanted || isPublicAddress(address);
    const resolve = this.#resolve ?? (isWanted ? resolveBySystem : (name: string) => resolveByNameServers(name));
    const addresses = await deadline.race(addressesOf(hop.url, resolve));
    if (!addresses.every(isAllowed)) throw new EgressError(addressRefused());
    const socket = await connect({ url: hop.url, addresses, isAllowed }, this.#secureContext, deadline.signal);
    try {
      await deadline.race(onSending());
      return await exchange(hop, socket, this.limits, (head) => !(stopsAtRedirects && isRedirect(head)));
    } finally {
      socket.destroy();
    }
  }
}

function refuseUnlisted(url: URL, hosts: readonly string[] | undefined): void {
  if (hosts === undefined || isListed(url, hosts)) return;
  throw egressError('HOST_REFUSED', 'The code of this run may not send to the host of the URL.', 'url');
}

function render(request: EgressRequest, keys: Keys): Hop {
  const template = readUrl(request.url);
  if ('code' in template) throw new EgressError(template);
  return {
    method: request.method,
    url: renderUrl(template, request.query, keys),
    headers: withDefaults(renderHeaders(request.headers, keys), contentTypeOf(request.body)),
    body: request.body === null ? null : renderBody(request.body, keys),
  };
}

function readPrivateHost(text: string): string {
  const host = canonicalHost(text);
  if (host !== null && !/[/*]/.test(host)) return host;
  throw new OperatorError('An allowed private host must be a host such as intranet.example.com or 10.0.0.5:8080.');
}
