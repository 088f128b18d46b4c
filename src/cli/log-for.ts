import type { Config } from '../config.js';
import { createLogger, type Logger } from '../log.js';

/** JSON lines, or readable ones on a terminal. */
export const logFor = (config: Config): Logger =>
  createLogger({ level: config.logLevel, pretty: process.stdout.isTTY === true });
