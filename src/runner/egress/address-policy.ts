/**
 * Which addresses a request may go to: those of the public internet. Denied is what IANA's registries of special purposes list,
 * and every IPv6 address outside of 2000::/3, so that an address of which nobody has thought is denied as well.
 *
 * https://www.iana.org/assignments/iana-ipv4-special-registry (rows of RFC 6890 and its updates)
 * https://www.iana.org/assignments/iana-ipv6-special-registry
 * https://www.iana.org/assignments/ipv6-address-space (only 2000::/3 is assigned for global unicast)
 */
import { BlockList, isIP } from 'node:net';
import { type EgressProblem, egressProblem } from './egress-error.js';

const specialIpv4 = [
  ['0.0.0.0', 8], // "This network", RFC 791, section 3.2; Linux connects 0.0.0.0 to the machine itself
  ['10.0.0.0', 8], // Private use, RFC 1918
  ['100.64.0.0', 10], // Shared address space, RFC 6598; also metadata services, such as 100.100.100.200
  ['127.0.0.0', 8], // Loopback, RFC 1122, section 3.2.1.3
  ['168.63.129.16', 32], // The host of a virtual machine in Azure, a public address by registry
  ['169.254.0.0', 16], // Link local, RFC 3927; the metadata service 169.254.169.254 of most clouds
  ['172.16.0.0', 12], // Private use, RFC 1918
  ['192.0.0.0', 24], // IETF protocol assignments, RFC 6890, with those of RFC 7335, 7600, 7723, 8155 and 7050 in it
  ['192.0.2.0', 24], // Documentation, RFC 5737
  ['192.31.196.0', 24], // AS112, RFC 7535
  ['192.52.193.0', 24], // AMT, RFC 7450
  ['192.88.99.0', 24], // 6to4 relay anycast, RFC 7526
  ['192.168.0.0', 16], // Private use, RFC 1918
  ['192.175.48.0', 24], // AS112, RFC 7534
  ['198.18.0.0', 15], // Benchmarking, RFC 2544
  ['198.51.100.0', 24], // Documentation, RFC 5737
  ['203.0.113.0', 24], // Documentation, RFC 5737
  ['224.0.0.0', 4], // Multicast, RFC 5771
  ['240.0.0.0', 4], // Reserved, RFC 1112, section 4, with the limited broadcast of RFC 919
] as const;

/** Within 2000::/3. IPv4-mapped (::ffff:0:0/96), NAT64 (64:ff9b::/96), unique local and link-local addresses are outside of it. */
const specialIpv6 = [
  ['2001::', 23], // IETF protocol assignments, RFC 2928: Teredo (RFC 4380), benchmarking (RFC 5180), ORCHID (RFC 4843, 7343), …
  ['2001:db8::', 32], // Documentation, RFC 3849
  ['2002::', 16], // 6to4, RFC 3056: an IPv4 address is embedded
  ['2620:4f:8000::', 48], // AS112, RFC 7534
  ['3fff::', 20], // Documentation, RFC 9637
] as const;

const refusedIpv4 = new BlockList();
for (const [network, prefix] of specialIpv4) refusedIpv4.addSubnet(network, prefix, 'ipv4');

const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
const refusedIpv6 = new BlockList();
for (const [network, prefix] of specialIpv6) refusedIpv6.addSubnet(network, prefix, 'ipv6');

/** @param address IPv4 in four decimal numbers, or IPv6 without brackets. False for everything else, zones included. */
export function isPublicAddress(address: string): boolean {
  if (address.includes('%')) return false;
  if (isIP(address) === 4) return !refusedIpv4.check(address, 'ipv4');
  return isIP(address) === 6 && globalUnicast.check(address, 'ipv6') && !refusedIpv6.check(address, 'ipv6');
}

/** The same for an address that a host is and for one that its name resolves to, which the author is not told. */
export const addressRefused = (): EgressProblem =>
  egressProblem('ADDRESS_REFUSED', 'The host is not on the public internet.', 'url');
