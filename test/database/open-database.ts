/** A process of its own that opens the database of DATABASE_URL when its parent says so, and closes it again. */
import { readConfig } from '../../src/config.js';
import { Database } from '../../src/database/database.js';

process.once('message', async () => {
  try {
    await (await Database.open(readConfig({ DATABASE_URL: process.env.DATABASE_URL }).database)).close();
  } finally {
    process.disconnect();
  }
});
process.send?.('ready');
