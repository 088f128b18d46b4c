import { purgeSecretKeys } from '../modules/secret-key/purge-secret-keys.js';
import { readOptions } from './usage.js';
import { withDatabase } from './with-database.js';

/** Erases deleted keys whose retention time is over. The api does the same every hour. */
export async function purge(args: string[]): Promise<number> {
  readOptions(args, {});
  return withDatabase(async (database, config) => {
    const purged = await purgeSecretKeys(database, config.retentionDays, Date.now());
    process.stdout.write(`${purged} ${purged === 1 ? 'key' : 'keys'} erased\n`);
    return 0;
  });
}
