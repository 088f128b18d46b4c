import { expect } from 'chai';
import { readCheckpoints, writeCheckpoints } from '../../src/audit/checkpoint.js';
import { generateWriterPair } from '../../src/vault/keys.js';
import { WriterSigner, WriterVerifier } from '../../src/vault/sign.js';

describe('a checkpoint file', () => {
  const pair = generateWriterPair();
  const signer = WriterSigner.fromPrivateKey(pair.privateKey);
  const verifier = WriterVerifier.fromPublicKey(pair.publicKey);
  const checkpoints = [
    { organizationId: 'acme', sequence: 7, hash: 'a'.repeat(64) },
    { organizationId: 'other', sequence: 1, hash: 'b'.repeat(64) },
  ];
  const text = writeCheckpoints(checkpoints, 1_764_000_000_000, signer);
  const readBack = (change: (file: { takenAt: number; checkpoints: { sequence: number }[] }) => unknown) => {
    const file = JSON.parse(text);
    change(file);
    return readCheckpoints(JSON.stringify(file), verifier);
  };

  it('gives its checkpoints to those who know the writer', () => {
    expect(readCheckpoints(text, verifier)).to.deep.equal(checkpoints);
    expect(readBack(() => undefined)).to.deep.equal(checkpoints);
  });

  it('is not taken when anything of it was changed', () => {
    const changes = [
      readBack((file) => {
        file.takenAt += 1;
      }),
      readBack((file) => file.checkpoints.pop()),
      readBack((file) => file.checkpoints.reverse()),
      readBack((file) => {
        for (const one of file.checkpoints) one.sequence += 1;
      }),
    ];
    expect(changes).to.deep.equal([null, null, null, null]);
  });

  it('of another writer, or that is none, is not taken', () => {
    const other = WriterVerifier.fromPublicKey(generateWriterPair().publicKey);
    expect(readCheckpoints(text, other)).to.equal(null);
    for (const none of ['', 'null', '[]', '{}', '{"checkpoints":[],"signature":7}', text.slice(1)]) {
      expect(readCheckpoints(none, verifier)).to.equal(null);
    }
  });
});
