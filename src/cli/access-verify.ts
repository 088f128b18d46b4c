import type { OrganizationId } from '../ids.js';
import { differingAccess, repairAccess } from '../modules/secret-key/verify-access-rows.js';
import { readOptions } from './usage.js';
import { verifierOf } from './verifier-of.js';
import { withDatabase } from './with-database.js';

/** Compares what lists are read from with the grants. Exit code 1 when something differs and was not repaired. */
export async function accessVerify(args: string[]): Promise<number> {
  const options = readOptions(args, { repair: { type: 'boolean' }, json: { type: 'boolean' } });
  return withDatabase(async (database, config) => {
    const reports: { slug: string; differing: readonly string[]; repaired: boolean }[] = [];
    for (const { id, slug } of await database.query('SELECT id, slug FROM organization ORDER BY slug')) {
      const organizationId = id as OrganizationId;
      const differing = await differingAccess(database, organizationId);
      if (options.repair && differing.length > 0) {
        const verifier = verifierOf(config);
        for (const key of differing) await repairAccess(database, verifier, organizationId, key);
      }
      reports.push({ slug: String(slug), differing, repaired: options.repair === true && differing.length > 0 });
    }
    const lines = reports.map(({ slug, differing, repaired }) => {
      if (differing.length === 0) return `${slug}: the lists match the grants\n`;
      return `${slug}: ${differing.length} ${differing.length === 1 ? 'key differs' : 'keys differ'}${repaired ? ', repaired' : ''}\n`;
    });
    process.stdout.write(options.json ? `${JSON.stringify(reports)}\n` : lines.join(''));
    return reports.every(({ differing, repaired }) => differing.length === 0 || repaired) ? 0 : 1;
  });
}
