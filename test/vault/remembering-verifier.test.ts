import { expect } from 'chai';
import { generateWriterPair } from '../../src/vault/keys.js';
import { RememberingVerifier } from '../../src/vault/remembering-verifier.js';
import { WriterSigner, WriterVerifier } from '../../src/vault/sign.js';
import { utf8 } from './fixtures.js';

describe('a verifier that remembers', () => {
  const pair = generateWriterPair();
  const signer = WriterSigner.fromPrivateKey(pair.privateKey);
  const signed = (text: string) => ({ document: utf8(text), signature: signer.sign(utf8(text)) });

  /** @returns a verifier, and the documents that it has asked about. */
  function remembering(capacity: number) {
    const verifier = WriterVerifier.fromPublicKey(pair.publicKey);
    const asked: string[] = [];
    const counting = {
      verify(document: Uint8Array, signature: Uint8Array): boolean {
        asked.push(Buffer.from(document).toString());
        return verifier.verify(document, signature);
      },
    };
    const remembers = new RememberingVerifier(counting, capacity);
    return {
      asked,
      verify: ({ document, signature }: ReturnType<typeof signed>) => remembers.verify(document, signature),
    };
  }

  it('asks once about what is signed', () => {
    const { asked, verify } = remembering(10);
    expect([verify(signed('a')), verify(signed('a')), verify(signed('b')), verify(signed('a'))]).to.deep.equal([
      true,
      true,
      true,
      true,
    ]);
    expect(asked).to.deep.equal(['a', 'b']);
  });

  it('takes nothing for what it remembers that differs in the document, in the signature or in where the one ends', () => {
    const { verify } = remembering(10);
    const { document, signature } = signed('ab');
    expect(verify({ document, signature })).to.equal(true);
    const forgeries = [
      { document: utf8('ac'), signature },
      { document, signature: signed('ac').signature },
      { document: utf8('a'), signature: Buffer.concat([utf8('b'), signature]) },
      { document: Buffer.concat([document, signature]), signature: new Uint8Array() },
      { document, signature: new Uint8Array() },
    ];
    expect(forgeries.map(verify)).to.deep.equal(forgeries.map(() => false));
  });

  it('does not remember what is not signed', () => {
    const { asked, verify } = remembering(10);
    const forged = { ...signed('a'), document: utf8('b') };
    expect([verify(forged), verify(forged)]).to.deep.equal([false, false]);
    expect(asked).to.deep.equal(['b', 'b']);
  });

  it('holds no more than its capacity, and forgets what was asked for the longest ago', () => {
    const { asked, verify } = remembering(2);
    for (const text of ['a', 'b', 'a', 'c', 'a', 'b']) expect(verify(signed(text))).to.equal(true);
    expect(asked).to.deep.equal(['a', 'b', 'c', 'b']);
  });
});
