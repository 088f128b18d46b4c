import { type Config, readConfig } from '../config.js';
import { Database } from '../database/database.js';
import { startErrorOf } from './start-error.js';

/** Opens the configured database for one command and closes it afterwards. */
export async function withDatabase(work: (database: Database, config: Config) => Promise<number>): Promise<number> {
  const config = readConfig(process.env);
  const database = await Database.open(config.database).catch((error: unknown) => {
    throw startErrorOf(error, config.database);
  });
  try {
    return await work(database, config);
  } finally {
    await database.close();
  }
}
