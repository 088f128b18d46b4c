/** Makes the keys that are missing. A process of its own, so that nothing that serves has seen both the root and the writer key. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createDemoIssuer, loadDemoIssuer } from '../authentication/demo-issuer.js';
import { readConfig } from '../config.js';
import { OperatorError } from '../operator-error.js';
import { generateBoxPair, generateWriterPair, writeKeyFile } from '../vault/keys.js';
import { readOptions } from './usage.js';

export async function keysInit(args: string[]): Promise<number> {
  readOptions(args, {});
  const config = readConfig(process.env);
  mkdirSync(config.home, { recursive: true, mode: 0o700 });
  makePair('root', config.rootKeyFile, config.rootPublicKeyFile, () => {
    const pair = generateBoxPair();
    writeKeyFile(config.rootKeyFile, 'root-private', pair.privateKey);
    writeKeyFile(config.rootPublicKeyFile, 'root-public', pair.publicKey);
    pair.privateKey.fill(0);
  });
  makePair('writer', config.writerKeyFile, config.writerPublicKeyFile, () => {
    const pair = generateWriterPair();
    writeKeyFile(config.writerKeyFile, 'writer-private', pair.privateKey);
    writeKeyFile(config.writerPublicKeyFile, 'writer-public', pair.publicKey);
    pair.privateKey.fill(0);
  });
  if (config.demo && (await loadDemoIssuer(config.home)) === null) await createDemoIssuer(config.home);
  return 0;
}

function makePair(name: string, privateFile: string, publicFile: string, make: () => void): void {
  const present = [privateFile, publicFile].filter((file) => existsSync(file));
  if (present.length === 2) return;
  // Half a pair is a lost key or a wrong path; a new one beside it would make every stored value unreadable.
  if (present.length === 1) {
    throw new OperatorError(
      `Of the ${name} key pair only ${present[0]} exists. Restore the other file; nothing was changed.`,
    );
  }
  for (const file of [privateFile, publicFile]) mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  make();
}
