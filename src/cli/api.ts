import { startApi } from '../api.js';
import { readConfig } from '../config.js';
import { logFor } from './log-for.js';
import { announce, untilStopped } from './serve.js';
import { startErrorOf } from './start-error.js';
import { readOptions } from './usage.js';

/** Runs the api process until it is stopped. */
export async function api(args: string[]): Promise<number> {
  readOptions(args, {});
  const config = readConfig(process.env);
  const log = logFor(config);
  const api = await startApi(config, log).catch((error: unknown) => {
    throw startErrorOf(error, config.database);
  });
  log.info({ port: api.port, host: config.host, database: config.database.kind }, 'api is listening');
  announce({ port: api.port, isDemo: api.isDemo });
  const code = await untilStopped(log, () => api.close());
  if (process.channel) process.disconnect();
  return code;
}
