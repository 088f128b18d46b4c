import { expect } from 'chai';
import fc from 'fast-check';
import { isPublicAddress } from '../../../src/runner/egress/address-policy.js';

/** Of each special network: its first and last address, and the neighbors before and after it. */
const ipv4Networks: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['168.63.129.16', '168.63.129.16'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.31.196.0', '192.31.196.255'],
  ['192.52.193.0', '192.52.193.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['192.175.48.0', '192.175.48.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '255.255.255.255'],
];

const numberOf = (address: string): number => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
const ipv4Of = (number: number): string => [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');

const ranges = ipv4Networks.map(([first, last]) => [numberOf(first), numberOf(last)] as const);
const isSpecial = (number: number): boolean => ranges.some(([first, last]) => first <= number && number <= last);

describe('the address policy', () => {
  it('refuses the first and the last IPv4 address of every special network, and not the addresses beside it', () => {
    for (const [first, last] of ranges) {
      const around = [first - 1, first, last, last + 1].filter((number) => number >= 0 && number < 2 ** 32);
      expect(around.map((number) => [ipv4Of(number), isPublicAddress(ipv4Of(number))])).to.deep.equal(
        around.map((number) => [ipv4Of(number), !isSpecial(number)]),
      );
    }
  });

  it('agrees with the registry on every IPv4 address', () => {
    const near = fc
      .constantFrom(...ranges.flat())
      .chain((edge) => fc.integer({ min: -300, max: 300 }).map((by) => edge + by));
    const number = fc.oneof(fc.nat(2 ** 32 - 1), near).filter((one) => one >= 0 && one < 2 ** 32);
    fc.assert(
      fc.property(number, (one) => {
        expect(isPublicAddress(ipv4Of(one))).to.equal(!isSpecial(one));
      }),
      { numRuns: 3000 },
    );
  });

  it('refuses the IPv6 addresses of machines, of networks of one site, of tunnels, of translators and of documents', () => {
    const refused = [
      ...['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:8.8.8.8', '64:ff9b::8.8.8.8'],
      ...[
        '64:ff9b:1::a00:1',
        '100::1',
        '100:0:0:1::1',
        'fc00::1',
        'fd00:ec2::254',
        'fe80::1',
        'fec0::1',
        'ff02::1',
        '5f00::1',
      ],
      ...['2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001:1::1', '2001:2::1', '2001:10::1', '2001:20::1'],
      ...[
        '2001:1ff:ffff::',
        '2001:db8::1',
        '2002:7f00:1::',
        '2002:808:808::1',
        '2620:4f:8000::1',
        '3fff::1',
        '3fff:fff::1',
      ],
      ...['1fff:ffff::1', '4000::1'],
    ];
    expect(refused.filter(isPublicAddress)).to.deep.equal([]);
    expect(refused.map((address) => address.toUpperCase()).filter(isPublicAddress)).to.deep.equal([]);
  });

  it('lets the IPv6 addresses of the public internet through', () => {
    const allowed = [
      '2000::1',
      '2001:200::1',
      '2001:4860:4860::8888',
      '2003::1',
      '2606:4700:4700::1111',
      '2620:4f:8001::',
      '3fff:1000::',
    ];
    expect(allowed.filter((address) => !isPublicAddress(address))).to.deep.equal([]);
  });

  it('refuses whatever IPv4 address is embedded in an IPv6 address, in any of the ways there are', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 32 - 1), (number) => {
        const [high, low] = [Math.floor(number / 65_536).toString(16), (number % 65_536).toString(16)];
        const embedded = ['::', '::ffff:', '::ffff:0:', '64:ff9b::', '64:ff9b:1::', '2001::'].map(
          (prefix) => `${prefix}${high}:${low}`,
        );
        expect([...embedded, `2002:${high}:${low}::1`].filter(isPublicAddress)).to.deep.equal([]);
      }),
    );
  });

  it('lets an IPv6 address outside of 2000::/3 through never', () => {
    const group = fc.nat(0xffff).map((one) => one.toString(16));
    const first = fc.nat(0xffff).filter((one) => one < 0x2000 || one > 0x3fff);
    fc.assert(
      fc.property(first, fc.array(group, { minLength: 7, maxLength: 7 }), (head, rest) => {
        const address = [head.toString(16), ...rest].join(':');
        expect(isPublicAddress(address)).to.equal(false);
      }),
      { numRuns: 1000 },
    );
  });

  it('refuses what is no address, has a zone, or is written as a URL writes it', () => {
    const odd = [
      '',
      'localhost',
      '8.8.8',
      '08.8.8.8',
      '0x8.8.8.8',
      '134744072',
      '8.8.8.8.',
      ' 8.8.8.8',
      '[2606::1]',
      '2606::1%eth0',
      'fe80::1%1',
    ];
    expect(odd.filter(isPublicAddress)).to.deep.equal([]);
  });
});
