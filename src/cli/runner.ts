import { url as inspectorUrl } from 'node:inspector';
import { readConfig } from '../config.js';
import { OperatorError } from '../operator-error.js';
import { startRunner } from '../runner/runner.js';
import { logFor } from './log-for.js';
import { serve } from './serve.js';
import { readOptions } from './usage.js';

/** Runs the runner process until it is stopped. */
export async function runner(args: string[]): Promise<number> {
  readOptions(args, {});
  if (inspectorUrl() !== undefined) {
    throw new OperatorError('The runner does not start with an inspector, through which its keys could be read.');
  }
  const config = readConfig(process.env);
  const log = logFor(config);
  return serve(log, 'NIGHTSAFE_RUNNER_PORT', async () => {
    const { port, reloadPolicies, close } = await startRunner(config, log);
    log.info({ port, host: config.host }, 'runner is ready');
    return { ready: { port }, reload: reloadPolicies, close };
  });
}
