import { inspect } from 'node:util';
import { expect } from 'chai';
import sodium from 'libsodium-wrappers';
import { generateWriterPair } from '../../src/vault/keys.js';
import { WriterSigner, WriterVerifier } from '../../src/vault/sign.js';
import { fromHex, hex, singleBitFlips, utf8 } from './fixtures.js';

describe('vault sign', () => {
  before(() => sodium.ready);

  it('gives the known answers of RFC 8032, section 7.1, tests 1 to 3', () => {
    const vectors = [
      {
        privateKey: '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
        publicKey: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
        message: '',
        signature:
          'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
      },
      {
        privateKey: '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
        publicKey: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
        message: '72',
        signature:
          '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
      },
      {
        privateKey: 'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
        publicKey: 'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
        message: 'af82',
        signature:
          '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
      },
    ];
    for (const { privateKey, publicKey, message, signature } of vectors) {
      const document = fromHex(message);
      expect(hex(WriterSigner.fromPrivateKey(fromHex(privateKey)).sign(document))).to.equal(signature);
      expect(WriterVerifier.fromPublicKey(fromHex(publicKey)).verify(document, fromHex(signature))).to.equal(true);
    }
  });

  const pair = generateWriterPair();
  const signer = WriterSigner.fromPrivateKey(pair.privateKey);
  const verifier = WriterVerifier.fromPublicKey(pair.publicKey);
  const document = utf8('a document of the tests');
  const signature = signer.sign(document);

  it('signs so that libsodium verifies, and verifies what libsodium signed', () => {
    expect(sodium.crypto_sign_verify_detached(signature, document, pair.publicKey)).to.equal(true);
    const { privateKey } = sodium.crypto_sign_seed_keypair(pair.privateKey);
    expect(verifier.verify(document, sodium.crypto_sign_detached(document, privateKey))).to.equal(true);
  });

  it('refuses every single-bit flip of the signature and of the document', () => {
    expect(verifier.verify(document, signature)).to.equal(true);
    for (const flipped of singleBitFlips(signature)) expect(verifier.verify(document, flipped)).to.equal(false);
    for (const flipped of singleBitFlips(document)) expect(verifier.verify(flipped, signature)).to.equal(false);
  });

  it('refuses the signature of another writer, and one of a wrong length', () => {
    const other = WriterSigner.fromPrivateKey(generateWriterPair().privateKey);
    expect(verifier.verify(document, other.sign(document))).to.equal(false);
    for (const length of [0, 1, 63, 65, 128]) {
      expect(verifier.verify(document, new Uint8Array(length))).to.equal(false);
    }
  });

  it('refuses keys of a wrong length', () => {
    for (const length of [0, 31, 33, 64]) {
      expect(() => WriterSigner.fromPrivateKey(new Uint8Array(length))).to.throw(
        RangeError,
        /^A writer key has 32 bytes\.$/,
      );
      expect(() => WriterVerifier.fromPublicKey(new Uint8Array(length))).to.throw(
        RangeError,
        /^A writer key has 32 bytes\.$/,
      );
    }
  });

  it('shows no key when a signer is printed, and leaves the key it was given as it is', () => {
    const privateKey = Uint8Array.from(pair.privateKey);
    const fresh = WriterSigner.fromPrivateKey(privateKey);
    expect(privateKey).to.deep.equal(pair.privateKey);
    expect(inspect(fresh, { showHidden: true, depth: null })).to.equal('WriterSigner {}');
    expect(inspect(fresh, { showHidden: true, depth: null, customInspect: false })).to.equal('WriterSigner {}');
    expect(JSON.stringify(fresh)).to.equal('{}');
    expect(`${fresh}`).to.equal('[object Object]');
    expect(Reflect.ownKeys(fresh)).to.deep.equal([]);
  });
});
