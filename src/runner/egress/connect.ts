/** A connection to addresses that were checked before, with nothing looked up again and no HTTP sent yet. */
import { lookup, Resolver } from 'node:dns/promises';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { buildConnector } from 'undici';
import { addressRefused } from './address-policy.js';
import { EgressError, egressError } from './egress-error.js';
import { literalAddress, portOf } from './host-rules.js';

/** The addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Knows the hosts file, but each look-up takes one of a few threads until it ends: for names that the operator lists. */
export const resolveBySystem: Resolve = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Asks name servers, the system's unless given, without a thread, so that names which never resolve hold up nobody else's. */
export async function resolveByNameServers(hostname: string, servers: readonly string[] = []): Promise<string[]> {
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  if (servers.length > 0) resolver.setServers(servers);
  const answers = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
  return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
}

/** Those of the URL's host: the address that it is, or all to which its name resolves. At least one. */
export async function addressesOf(url: URL, resolve: Resolve): Promise<readonly string[]> {
  const literal = literalAddress(url);
  if (literal !== null) return [literal];
  const addresses = await resolve(url.hostname).catch(() => []);
  if (addresses.length > 0) return addresses;
  throw egressError('HOST_NOT_FOUND', 'The host has no address.', 'url');
}

interface Destination {
  readonly url: URL;
  /** Tried one after the other, as RFC 8305 has it. */
  readonly addresses: readonly string[];
  /** Asked once more about the address at the other end. */
  isAllowed(address: string): boolean;
}

/**
 * For https, TLS 1.2 or newer, with the certificate verified for the host of the URL, whatever the environment says.
 *
 * @param signal destroys the socket, whether it is connected or not.
 * @throws EgressError ADDRESS_REFUSED, CONNECTION_FAILED or TLS_FAILED.
 */
export async function connect(
  { url, addresses, isAllowed }: Destination,
  secureContext: SecureContext,
  signal: AbortSignal,
): Promise<Socket> {
  const literal = literalAddress(url);
  const connector = buildConnector({
    secureContext,
    rejectUnauthorized: true,
    maxCachedSessions: 0,
    timeout: 0,
    signal,
    lookup: lookUpIn(addresses),
    autoSelectFamily: true,
  });
  const options = {
    hostname: literal ?? url.hostname,
    host: url.host,
    protocol: url.protocol,
    port: String(portOf(url)),
  };
  const socket = await new Promise<Socket>((resolve, reject) => {
    connector(options, (error, connected) => (error === null ? resolve(connected) : reject(failure(error))));
  });
  if (socket.remoteAddress !== undefined && isAllowed(socket.remoteAddress)) return socket;
  socket.destroy();
  throw new EgressError(addressRefused());
}

/** Answers from the list, in the place of a name server. */
function lookUpIn(addresses: readonly string[]): LookupFunction {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = known;
    if (options.all) callback(null, known);
    else callback(null, first?.address ?? '', first?.family);
  };
}

/** By the code of Node's error. Its message has addresses in it and goes nowhere. */
function failure(error: Error): EgressError {
  const code = 'code' in error ? String(error.code) : 'unknown';
  return /CERT|SSL|TLS|ISSUER|SELF_SIGNED|VERIFY|MISMATCH/.test(code)
    ? egressError('TLS_FAILED', `The server cannot be trusted, or speaks no TLS of today (${code}).`, 'url')
    : egressError('CONNECTION_FAILED', `No connection to the host came about (${code}).`, 'url');
}
