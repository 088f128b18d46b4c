import type { Config } from '../config.js';
import { readKeyFile } from '../vault/keys.js';
import { WriterVerifier } from '../vault/sign.js';

/** Tells what the api of this installation signed. */
export const verifierOf = (config: Config): WriterVerifier =>
  WriterVerifier.fromPublicKey(readKeyFile(config.writerPublicKeyFile, 'writer-public'));
