import { readConfig } from '../config.js';
import { startRunner } from '../runner/runner.js';
import { logFor } from './log-for.js';
import { announce, untilStopped } from './serve.js';
import { startErrorOf } from './start-error.js';
import { readOptions } from './usage.js';

/** Runs the runner process until it is stopped. */
export async function runner(args: string[]): Promise<number> {
  readOptions(args, {});
  const config = readConfig(process.env);
  const log = logFor(config);
  const runner = await startRunner(config, log).catch((error: unknown) => {
    throw startErrorOf(error, config.database);
  });
  log.info({ port: runner.port }, 'runner is ready');
  announce({ port: runner.port });
  const code = await untilStopped(log, () => runner.close());
  if (process.channel) process.disconnect();
  return code;
}
