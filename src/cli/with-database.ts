import { type Config, readConfig } from '../config.js';
import { Database } from '../database/database.js';

/** Opens the configured database for one command and closes it afterwards. Commands neither make nor migrate it. */
export async function withDatabase(
  work: (database: Database, config: Config) => Promise<number>,
  config: Config = readConfig(process.env),
): Promise<number> {
  const database = await Database.open(config.database, { migrate: false });
  try {
    return await work(database, config);
  } finally {
    await database.close();
  }
}
