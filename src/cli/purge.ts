import { purgeDecisions } from '../audit/decision-log.js';
import { purgeRuns } from '../modules/run/purge-runs.js';
import { purgeSecretKeys } from '../modules/secret-key/purge-secret-keys.js';
import { count } from './policy-output.js';
import { readOptions } from './usage.js';
import { withDatabase } from './with-database.js';

/** Erases deleted keys, runs and logged decisions whose retention time is over. The api does the same every hour. */
export async function purge(args: string[]): Promise<number> {
  readOptions(args, {});
  return withDatabase(async (database, config) => {
    const keys = await purgeSecretKeys(database, config.retentionDays, Date.now());
    const runs = await purgeRuns(database, config.runRetentionDays, Date.now());
    const decisions = await purgeDecisions(database, config.decisionLogDays, Date.now());
    const erased = [
      count(keys, 'key'),
      ...(runs > 0 ? [count(runs, 'run')] : []),
      ...(decisions > 0 ? [count(decisions, 'decision')] : []),
    ];
    process.stdout.write(`${new Intl.ListFormat('en').format(erased)} erased\n`);
    return 0;
  });
}
