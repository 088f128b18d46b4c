/** Hosts in lists: those that a key may go to, and the private ones that the operator lets through. */
import { isIP } from 'node:net';
import type { EgressKeyTerms } from './egress-request.js';

interface HostRule {
  readonly isPlain: boolean;
  readonly isWildcard: boolean;
  readonly host: string;
  /** Empty: the default port of the scheme. */
  readonly port: string;
}

function readRule(rule: string): HostRule | null {
  const match = /^(?<plain>http:\/\/)?(?<wildcard>\*\.)?(?<host>\[[^\]]+\]|[^:]+)(?::(?<port>\d+))?$/.exec(rule);
  if (match?.groups === undefined) return null;
  const { plain, wildcard, host = '', port = '' } = match.groups;
  return { isPlain: plain !== undefined, isWildcard: wildcard !== undefined, host, port };
}

/** @param rules in canonical form. One without `http://` is for https alone; a wildcard stands for one label. */
export function isListed(url: URL, rules: readonly string[]): boolean {
  return rules.map(readRule).some((rule) => {
    if (rule === null || url.protocol !== (rule.isPlain ? 'http:' : 'https:') || url.port !== rule.port) return false;
    if (!rule.isWildcard) return url.hostname === rule.host;
    const firstDot = url.hostname.indexOf('.');
    return firstDot > 0 && url.hostname.slice(firstDot + 1) === rule.host;
  });
}

export const mayGoTo = (key: EgressKeyTerms, url: URL): boolean =>
  (key.allowsAnyHost && url.protocol === 'https:') || isListed(url, key.allowedHosts);

/**
 * True for a host and port that an operator lists, whatever the scheme. A name does not stand for its address nor an address
 * for its name.
 */
export function isPrivateHostWanted(url: URL, hosts: readonly string[]): boolean {
  return hosts.map(readRule).some((rule) => {
    if (rule === null || rule.isWildcard || url.hostname !== rule.host) return false;
    return url.port === rule.port || portOf(url) === Number(rule.port);
  });
}

export const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** The address that a URL names itself, without the brackets of IPv6; null for a name. */
export function literalAddress(url: URL): string | null {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return isIP(host) === 0 ? null : host;
}
