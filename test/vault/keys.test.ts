import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import sodium from 'libsodium-wrappers';
import {
  decodeKey,
  encodeKey,
  generateBoxPair,
  generateWriterPair,
  type KeyType,
  readKeyFile,
  writeKeyFile,
} from '../../src/vault/keys.js';
import { alice } from './fixtures.js';

const keyTypes: readonly KeyType[] = ['root-private', 'root-public', 'writer-private', 'writer-public'];
const bytes = new Uint8Array(32).fill(0xab);
const base64 = `${'q6ur'.repeat(10)}q6s=`;

describe('vault keys', () => {
  before(() => sodium.ready);

  it('makes X25519 pairs whose halves belong together, each pair another', () => {
    const pairs = Array.from({ length: 5 }, generateBoxPair);
    for (const pair of pairs) {
      expect(pair.publicKey).to.deep.equal(sodium.crypto_scalarmult_base(pair.privateKey));
    }
    expect(new Set(pairs.map((pair) => pair.privateKey.join())).size).to.equal(5);
  });

  it('makes Ed25519 pairs whose halves belong together, each pair another', () => {
    const pairs = Array.from({ length: 5 }, generateWriterPair);
    for (const pair of pairs) {
      expect(pair.privateKey.length).to.equal(32);
      expect(pair.publicKey).to.deep.equal(sodium.crypto_sign_seed_keypair(pair.privateKey).publicKey);
    }
    expect(new Set(pairs.map((pair) => pair.privateKey.join())).size).to.equal(5);
  });

  describe('as text', () => {
    it('is one line: the type and base64', () => {
      expect(keyTypes.map((type) => encodeKey(type, bytes))).to.deep.equal([
        `nightsafe-root-private:${base64}\n`,
        `nightsafe-root-public:${base64}\n`,
        `nightsafe-writer-private:${base64}\n`,
        `nightsafe-writer-public:${base64}\n`,
      ]);
    });

    it('gives the key back, with or without white space around the line', () => {
      for (const type of keyTypes) {
        const text = encodeKey(type, alice.privateKey);
        for (const variant of [text, text.trim(), ` ${text}\r\n`]) {
          expect(decodeKey(type, variant, 'TEST')).to.deep.equal(alice.privateKey);
        }
      }
    });

    it('refuses to write a key of another length than 32 bytes', () => {
      for (const length of [0, 31, 33, 64]) {
        expect(() => encodeKey('root-public', new Uint8Array(length))).to.throw(
          RangeError,
          /^A root-public key has 32 bytes\.$/,
        );
      }
    });

    it('refuses anything but the exact text, in a sentence that names the source and quotes nothing', () => {
      const good = `nightsafe-root-private:${base64}`;
      const bad = [
        '',
        'canary',
        base64,
        `nightsafe-root-public:${base64}`,
        `nightsafe-writer-private:${base64}`,
        `NIGHTSAFE-ROOT-PRIVATE:${base64}`,
        `nightsafe-root-private:${'q6ur'.repeat(10)}`,
        `nightsafe-root-private:${'q6ur'.repeat(11)}`,
        good.slice(0, -1),
        good.replace('q6s=', 'q6t='),
        good.replace('q6ur', 'q6 ur'),
        good.replace('q6ur', '_6ur'),
        `${good}\n${good}`,
        `${good} canary`,
      ];
      for (const text of bad) {
        expect(() => decodeKey('root-private', text, '/keys/root')).to.throw(
          Error,
          /^\/keys\/root does not hold a root-private key: one line, "nightsafe-root-private:" and 32 bytes in base64\.$/,
        );
      }
    });
  });

  describe('as a file', () => {
    let folder: string;
    let umask: number;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'nightsafe-keys-'));
      umask = process.umask();
    });

    afterEach(() => {
      process.umask(umask);
      rmSync(folder, { recursive: true });
    });

    const modeOf = (path: string): number => statSync(path).mode & 0o777;

    it('is for its owner alone when it is private, whatever the umask', () => {
      for (const mask of [0o000, 0o022, 0o777]) {
        process.umask(mask);
        const modes = keyTypes.map((type) => {
          const path = join(folder, `${type}-${mask}`);
          writeKeyFile(path, type, bytes);
          return modeOf(path);
        });
        expect(modes).to.deep.equal([0o600, 0o644, 0o600, 0o644]);
      }
    });

    it('gives back the key that was written', () => {
      for (const type of keyTypes) {
        const path = join(folder, type);
        writeKeyFile(path, type, alice.privateKey);
        expect(readFileSync(path, 'utf8')).to.equal(encodeKey(type, alice.privateKey));
        expect(readKeyFile(path, type)).to.deep.equal(alice.privateKey);
      }
    });

    it('is never overwritten', () => {
      const path = join(folder, 'root');
      writeKeyFile(path, 'root-private', alice.privateKey);
      expect(() => writeKeyFile(path, 'root-private', bytes))
        .to.throw()
        .with.property('code', 'EEXIST');
      expect(readKeyFile(path, 'root-private')).to.deep.equal(alice.privateKey);
    });

    it('is not made at all for a key of a wrong length', () => {
      const path = join(folder, 'root');
      expect(() => writeKeyFile(path, 'root-private', new Uint8Array(31))).to.throw(RangeError);
      expect(existsSync(path)).to.equal(false);
    });

    it('is refused when it is private and every user may read it, and the message says how to mend that', () => {
      const path = join(folder, 'root');
      writeKeyFile(path, 'root-private', bytes);
      chmodSync(path, 0o604);
      expect(() => readKeyFile(path, 'root-private')).to.throw(
        Error,
        new RegExp(
          `^${path} holds a private key that every user may read: run "chmod 600 ${path}", or mount the secret with mode 0440\\.$`,
        ),
      );
      chmodSync(path, 0o440);
      expect(readKeyFile(path, 'root-private')).to.deep.equal(bytes);
    });

    it('names itself and quotes nothing when it holds something else', () => {
      const path = join(folder, 'root');
      writeFileSync(path, 'canary-not-a-key\n', { mode: 0o600 });
      expect(() => readKeyFile(path, 'root-private')).to.throw(
        Error,
        new RegExp(
          `^${path} does not hold a root-private key: one line, "nightsafe-root-private:" and 32 bytes in base64\\.$`,
        ),
      );
    });
  });
});
