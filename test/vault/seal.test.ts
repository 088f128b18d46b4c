import { expect } from 'chai';
import sodium from 'libsodium-wrappers';
import nacl from 'tweetnacl';
import { openBox, openOrganizationKey, openValue } from '../../src/vault/open.js';
import { createOrganizationKey, sealBox, sealOrganizationKey, sealValue } from '../../src/vault/seal.js';
import { alice, binding, bob, canary, fromHex, hex, organizationId, utf8 } from './fixtures.js';

/** Public keys of small order: with each of them everyone agrees on the all-zero secret. From https://cr.yp.to/ecdh.html. */
const smallOrderKeys = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map(fromHex);

describe('vault seal', () => {
  before(() => sodium.ready);

  it('rests on a tweetnacl that gives the known answer of NaCl', () => {
    // "Cryptography in NaCl" (Bernstein, 2009), section 10; the same as tests/box.c of NaCl.
    const nonce = fromHex('69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37');
    const message = fromHex(
      [
        'be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc',
        'e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31',
        '0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde',
        '048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864',
        '5e0705',
      ].join(''),
    );
    const box = [
      'f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce',
      '48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972',
      '71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae',
      '90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3',
      '7973f622a43d14a6599b1f654cb45a74e355a5',
    ].join('');
    expect(hex(nacl.box(message, nonce, bob.publicKey, alice.privateKey))).to.equal(box);
    expect(nacl.box.open(fromHex(box), nonce, alice.publicKey, bob.privateKey)).to.deep.equal(message);
  });

  for (const length of [0, 1, 63, 1000, 70_000]) {
    it(`seals ${length} bytes so that libsodium opens them, and opens what libsodium sealed`, () => {
      const message = sodium.randombytes_buf(length);
      const ours = sealBox(message, alice.publicKey);
      expect(ours.length).to.equal(length + sodium.crypto_box_SEALBYTES);
      expect(sodium.crypto_box_seal_open(ours, alice.publicKey, alice.privateKey)).to.deep.equal(message);
      expect(openBox(sodium.crypto_box_seal(message, alice.publicKey), alice)).to.deep.equal(message);
    });
  }

  it('never makes the same box twice', () => {
    const boxes = Array.from({ length: 5 }, () => hex(sealBox(utf8(canary), alice.publicKey)));
    expect(new Set(boxes).size).to.equal(5);
  });

  it('refuses the zero key and every other recipient of small order, as libsodium does', () => {
    for (const key of smallOrderKeys) {
      expect(() => sodium.crypto_box_seal(utf8(canary), key), hex(key)).to.throw();
      expect(() => sealBox(utf8(canary), key), hex(key)).to.throw(RangeError, /^The public key is of small order\.$/);
      expect(() => sealValue(binding, utf8(canary), key)).to.throw(RangeError);
      expect(() => createOrganizationKey(organizationId, 1, key)).to.throw(RangeError);
    }
  });

  it('refuses to open a box whose ephemeral key is of small order, as libsodium does', () => {
    for (const key of smallOrderKeys) {
      // Anyone can make this box without an ephemeral private key: the agreed secret is known.
      const nonce = sodium.crypto_generichash(24, concat(key, alice.publicKey), null);
      const box = nacl.secretbox(utf8(canary), nonce, nacl.box.before(key, bob.privateKey));
      const sealed = concat(key, box);
      expect(() => sodium.crypto_box_seal_open(sealed, alice.publicKey, alice.privateKey), hex(key)).to.throw();
      expect(() => openBox(sealed, alice), hex(key)).to.throw(/^cannot be opened$/);
    }
  });

  it('refuses a recipient of a wrong length', () => {
    for (const length of [0, 31, 33]) expect(() => sealBox(utf8(canary), new Uint8Array(length).fill(9))).to.throw();
  });

  it('refuses a value outside of 1 to 65,536 bytes and takes both ends', () => {
    for (const length of [0, 65_537]) {
      expect(() => sealValue(binding, new Uint8Array(length), alice.publicKey)).to.throw(
        RangeError,
        /^A value has 1 to 65536 bytes\.$/,
      );
    }
    for (const length of [1, 65_536]) {
      const value = new Uint8Array(length).fill(5);
      const opened = openValue(binding, sealValue(binding, value, alice.publicKey), alice);
      opened.use((bytes) => expect(bytes).to.deep.equal(value));
    }
  });

  it('gives values of similar length, for whichever key and version, ciphertexts of the same length', () => {
    const lengths = [1, 20, 60].flatMap((length) =>
      [0, 7, Number.MAX_SAFE_INTEGER].map(
        (valueVersion) => sealValue({ ...binding, valueVersion }, new Uint8Array(length), alice.publicKey).length,
      ),
    );
    expect(new Set(lengths)).to.deep.equal(new Set([258]));
  });

  it('leaves the value it was given as it is', () => {
    const value = utf8(canary);
    sealValue(binding, value, alice.publicKey);
    expect(value).to.deep.equal(utf8(canary));
  });

  it('makes an organization key that only the root opens', () => {
    const key = { organizationId, number: 1, ...createOrganizationKey(organizationId, 1, alice.publicKey) };
    const pair = openOrganizationKey(key, alice.publicKey, alice.privateKey);
    expect(pair.publicKey).to.deep.equal(key.publicKey);
    expect(sodium.crypto_scalarmult_base(pair.privateKey)).to.deep.equal(key.publicKey);
    expect(() => openOrganizationKey(key, bob.publicKey, bob.privateKey)).to.throw(/^cannot be opened$/);
  });

  it('seals an organization key to another root, after which the first root does not open it', () => {
    const sealedPrivateKey = sealOrganizationKey(organizationId, 4, alice, bob.publicKey);
    const key = { organizationId, number: 4, publicKey: alice.publicKey, sealedPrivateKey };
    expect(openOrganizationKey(key, bob.publicKey, bob.privateKey)).to.deep.equal(alice);
    expect(() => openOrganizationKey(key, alice.publicKey, alice.privateKey)).to.throw(/^cannot be opened$/);
  });

  it('fills every private key that it made with zero, also when it fails', () => {
    const made: nacl.BoxKeyPair[] = [];
    const original = nacl.box.keyPair;
    nacl.box.keyPair = Object.assign(
      () => {
        const pair = original();
        made.push(pair);
        return pair;
      },
      { fromSecretKey: original.fromSecretKey },
    );
    try {
      sealBox(utf8(canary), alice.publicKey);
      createOrganizationKey(organizationId, 1, alice.publicKey);
      expect(() => createOrganizationKey(organizationId, 1, new Uint8Array(32))).to.throw(RangeError);
    } finally {
      nacl.box.keyPair = original;
    }
    expect(made.map((pair) => pair.secretKey)).to.deep.equal(Array.from({ length: 5 }, () => new Uint8Array(32)));
  });
});

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
