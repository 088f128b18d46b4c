/** Where and how a key may be used: hosts, placements, ways of use. */
import { domainToASCII } from 'node:url';
import type { InputCheck } from '../input-check.js';
import type { Placement, SecretUseKind } from './secret-key.entity.js';
import type { WarningCodeName } from './secret-key.enums.js';

export const defaultPlacements: readonly Placement[] = ['HEADER'];
export const defaultUses: readonly SecretUseKind[] = ['SEND_API_REQUEST', 'RUN_CODE'];
const mostHosts = 50;

const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
const hostForm = new RegExp(`^(?:\\*\\.(?=.*\\.))?${label}(?:\\.${label})*$`);
const ipv6Form = /^\[[0-9a-f:.]+\]$/;

/** The canonical form of an allowed host: lower case, ASCII, with `http://` and a port kept. Null when it is none. */
export function canonicalHost(text: string): string | null {
  const match =
    /^(?<scheme>http:\/\/|https:\/\/)?(?<wildcard>\*\.)?(?<host>\[[^\]]*\]|[^/:@?#\\\s*[\]]+)(?::(?<port>\d{1,5}))?$/i.exec(
      text.trim(),
    );
  if (match?.groups === undefined) return null;
  const { scheme, wildcard = '', host = '', port } = match.groups;
  const isIpv6 = host.startsWith('[');
  const ascii = isIpv6 ? canonicalIpv6(host) : domainToASCII(host.toLowerCase());
  if (ascii === null || ascii.length > 253) return null;
  if (isIpv6 ? wildcard !== '' : !hostForm.test(wildcard + ascii)) return null;
  if (wildcard !== '' && /^[\d.]+$/.test(ascii)) return null;
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return null;
  const isPlain = scheme?.toLowerCase() === 'http://';
  const isDefaultPort = Number(port) === (isPlain ? 80 : 443);
  return `${isPlain ? 'http://' : ''}${wildcard}${ascii}${port === undefined || isDefaultPort ? '' : `:${Number(port)}`}`;
}

function canonicalIpv6(host: string): string | null {
  if (!ipv6Form.test(host.toLowerCase())) return null;
  const url = `http://${host}/`;
  return URL.canParse(url) ? new URL(url).hostname : null;
}

/** Hosts in canonical form, each once, sorted; problems name the element. */
export function readAllowedHosts(check: InputCheck, hosts: readonly string[]): string[] {
  if (hosts.length > mostHosts) check.add('input.allowedHosts', `must have at most ${mostHosts} elements`);
  const canonical = hosts.slice(0, mostHosts).map((host, index) => {
    const known = host.length <= 300 ? canonicalHost(host) : null;
    if (known === null) {
      check.add(
        `input.allowedHosts[${index}]`,
        'must be a host such as api.example.com, *.example.com or http://localhost:8080, without a path',
      );
    }
    return known ?? '';
  });
  return [...new Set(canonical)].sort();
}

/** Each once, in the order of the enumeration. */
const inOrder = <T extends string>(all: readonly T[], chosen: readonly T[]): T[] =>
  all.filter((one) => chosen.includes(one));

export function readPlacements(check: InputCheck, placements: readonly Placement[]): Placement[] {
  if (placements.length === 0) check.add('input.placements', 'must name at least one');
  return inOrder<Placement>(['HEADER', 'QUERY', 'BODY'], placements);
}

/** @param before the ways of use so far: a reason is asked for when RAW is new. */
export function readUses(
  check: InputCheck,
  uses: readonly SecretUseKind[],
  rawReason: string | null,
  before: readonly SecretUseKind[],
): SecretUseKind[] {
  if (uses.length === 0) check.add('input.uses', 'must name at least one');
  if (uses.includes('RAW') && !before.includes('RAW') && rawReason === null) {
    check.add('input.rawReason', 'is required to let code have the value itself');
  }
  return inOrder<SecretUseKind>(['SEND_API_REQUEST', 'RUN_CODE', 'HMAC', 'JWT', 'BASIC_AUTH', 'RAW'], uses);
}

export function warningsOfUse(terms: {
  readonly allowedHosts: readonly string[];
  readonly allowsAnyHost: boolean;
  readonly uses: readonly SecretUseKind[];
}): WarningCodeName[] {
  const warnings: WarningCodeName[] = [];
  if (terms.allowsAnyHost) warnings.push('ANY_HOST');
  else if (terms.allowedHosts.length === 0) warnings.push('NO_ALLOWED_HOSTS');
  if (terms.uses.includes('RAW')) warnings.push('RAW_USE');
  return warnings;
}
