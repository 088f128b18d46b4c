/** Keeps a serving process up until it is told to stop, and then closes it once, in order. */
import type { Logger } from '../log.js';
import { OperatorError } from '../operator-error.js';

export interface ReadyMessage {
  readonly port: number;
  readonly isDemo?: boolean;
}

export interface Serving {
  /** What the process that started this one, if any, is told. */
  readonly ready: ReadyMessage;
  /** What SIGHUP asks for. */
  reload?(): void;
  close(): Promise<void>;
}

/**
 * Starts, and serves until SIGINT, SIGTERM or the end of the parent that gave the process an IPC channel; SIGHUP reloads. What comes
 * during the start is heeded after it.
 *
 * @param portVariable where the operator sets the port, for the message when it cannot be had.
 */
export async function serve(log: Logger, portVariable: string, start: () => Promise<Serving>): Promise<number> {
  // Node.js would print the error with all its properties, and those of a database driver hold what was being written.
  process.on('uncaughtException', (error) => {
    log.fatal({ err: error }, 'an error that nothing handles');
    process.exit(1);
  });
  const stopped = wordToStop();
  const starting = start();
  const reload = () =>
    starting.then(
      (serving) => serving.reload?.(),
      () => undefined,
    );
  if (!isAtTerminal()) process.on('SIGHUP', reload);
  const serving = await starting.catch((error: unknown) => {
    throw listenErrorOf(error, portVariable);
  });
  // The parent may be gone by now; then the word to stop has come too.
  if (process.connected) process.send?.(serving.ready, () => undefined);
  log.info({ reason: await stopped }, 'stopping');
  await serving.close();
  if (process.connected) process.disconnect();
  return 0;
}

function wordToStop(): Promise<string> {
  return new Promise((resolve) => {
    process.on('SIGINT', () => resolve('SIGINT'));
    process.on('SIGTERM', () => resolve('SIGTERM'));
    if (isAtTerminal()) process.on('SIGHUP', () => resolve('the end of its terminal'));
    const parentEnded = () => resolve('the word of the process that started this one, or its end');
    // False, rather than undefined, after a channel was closed: that may have happened while this process was loading.
    if (process.connected === false) parentEnded();
    else process.once('disconnect', parentEnded);
  });
}

/** Whether SIGHUP is the end of the terminal that the process was started from. Without one it is an operator's word to reload. */
export const isAtTerminal = (): boolean => process.stdout.isTTY === true || process.stderr.isTTY === true;

function listenErrorOf(error: unknown, portVariable: string): unknown {
  if (!(error instanceof Error)) return error;
  const { code, syscall, port } = error as NodeJS.ErrnoException & { readonly port?: number };
  if (syscall === 'getaddrinfo') return new OperatorError('The name in HOST is not known.');
  if (syscall !== 'listen') return error;
  switch (code) {
    case 'EADDRINUSE':
      return new OperatorError(
        `Port ${port} is taken: another program listens there. Set ${portVariable} to a free one.`,
      );
    case 'EACCES':
      return new OperatorError(`Port ${port} may not be opened by this user. Set ${portVariable} to one above 1023.`);
    case 'EADDRNOTAVAIL':
      return new OperatorError('The address in HOST is none of this machine.');
    default:
      return error;
  }
}
