import { generateKeyPairSync } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import nacl from 'tweetnacl';
import { OperatorError } from '../operator-error.js';

/** An X25519 pair, 32 bytes each. Whoever makes one fills `privateKey` with zero after its last use. */
export interface BoxPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

/** An Ed25519 pair as in RFC 8032: the public key and the seed, 32 bytes each. */
export interface WriterPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

export type KeyType = 'root-private' | 'root-public' | 'writer-private' | 'writer-public';

const keyLength = 32;

/** Windows has neither permission bits that mean anything nor directories that can be synced. */
const isPosix = process.platform !== 'win32';

export function generateBoxPair(): BoxPair {
  const { publicKey, secretKey } = nacl.box.keyPair();
  return { publicKey, privateKey: secretKey };
}

export function generateWriterPair(): WriterPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  const pair = { publicKey: lastKey(publicKey), privateKey: lastKey(privateKey) };
  privateKey.fill(0);
  return pair;
}

/** RFC 8410 puts the raw key at the end of both encodings. */
const lastKey = (der: Buffer): Uint8Array => Uint8Array.from(der.subarray(-keyLength));

/** The text of a key: its type and base64, such as `nightsafe-root-public:uGVh…=`, on one line. */
export function encodeKey(type: KeyType, bytes: Uint8Array): string {
  if (bytes.length !== keyLength) throw new RangeError(`A ${type} key has ${keyLength} bytes.`);
  return `${prefix(type)}${Buffer.from(bytes).toString('base64')}\n`;
}

/**
 * The 32 bytes of a key from its text; white space around it is ignored.
 *
 * @param source where the text came from, for the message: a file or the name of a setting.
 * @throws OperatorError that names the source and what it must hold, and quotes nothing of what it holds.
 */
export function decodeKey(type: KeyType, text: string, source: string): Uint8Array {
  const line = text.trim();
  const bytes = Uint8Array.from(Buffer.from(line.slice(prefix(type).length), 'base64'));
  // Node's base64 skips what it does not know; only the text that would be written is taken.
  if (bytes.length !== keyLength || encodeKey(type, bytes).trim() !== line) {
    throw new OperatorError(
      `${source} does not hold a ${type} key: one line, "${prefix(type)}" and ${keyLength} bytes in base64.`,
    );
  }
  return bytes;
}

/**
 * The 32 bytes of the key in a file. A private key that every user of the machine may read is refused. Its group may read
 * it, because container secrets are mounted that way.
 *
 * @throws OperatorError that names the file and never quotes it.
 */
export function readKeyFile(path: string, type: KeyType): Uint8Array {
  const file = openSync(path, 'r');
  try {
    if (isPosix && isPrivate(type) && (fstatSync(file).mode & 0o004) !== 0) {
      throw new OperatorError(
        `${path} holds a private key that every user may read: run "chmod 600 ${path}", or mount the secret with mode 0440.`,
      );
    }
    return decodeKey(type, readFileSync(file, 'utf8'), path);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a key to a new file, for its owner alone if it is private (mode 0600, otherwise 0644). Once this returns, the
 * key is on disk, also after a power failure.
 *
 * @throws Error with code EEXIST when there is such a file: a key is never overwritten.
 */
export function writeKeyFile(path: string, type: KeyType, bytes: Uint8Array): void {
  const text = encodeKey(type, bytes);
  const mode = isPrivate(type) ? 0o600 : 0o644;
  const file = openSync(path, 'wx', mode);
  try {
    // The process's umask may have taken bits away.
    fchmodSync(file, mode);
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (isPosix) syncDirectory(dirname(path));
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

const prefix = (type: KeyType): string => `nightsafe-${type}:`;

const isPrivate = (type: KeyType): boolean => type.endsWith('-private');
