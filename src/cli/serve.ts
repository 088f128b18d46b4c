/** Keeps a serving process up until it is told to stop, and then closes it once, in order. */
import type { Logger } from '../log.js';

/** Resolves after SIGINT, SIGTERM, or the end of the parent that started the process with an IPC channel. */
export function untilStopped(log: Logger, close: () => Promise<void>): Promise<number> {
  return new Promise((resolve) => {
    let isStopping = false;
    const stop = (reason: string) => {
      if (isStopping) return;
      isStopping = true;
      log.info({ reason }, 'stopping');
      close().then(
        () => resolve(0),
        (error: unknown) => {
          log.error({ err: error }, 'did not stop cleanly');
          resolve(1);
        },
      );
    };
    process.on('SIGINT', () => stop('SIGINT'));
    process.on('SIGTERM', () => stop('SIGTERM'));
    if (process.channel) process.on('disconnect', () => stop('the process that started this one ended'));
  });
}

/** Tells the process that started this one, if any, that it serves. */
export const announce = (message: ReadyMessage): void => void process.send?.(message);

export interface ReadyMessage {
  readonly port: number;
  readonly isDemo?: boolean;
}
