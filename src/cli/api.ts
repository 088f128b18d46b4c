import { startApi } from '../api.js';
import { readConfig } from '../config.js';
import { logFor } from './log-for.js';
import { serve } from './serve.js';
import { readOptions } from './usage.js';

/** Runs the api process until it is stopped. */
export async function api(args: string[]): Promise<number> {
  readOptions(args, {});
  const config = readConfig(process.env);
  const log = logFor(config);
  return serve(log, 'PORT', async () => {
    const { port, isDemo, reloadPolicies, close } = await startApi(config, log);
    log.info({ port, host: config.host, database: config.database.kind }, 'api is listening');
    return { ready: { port, isDemo }, reload: reloadPolicies, close };
  });
}
