import { existsSync, readFileSync } from 'node:fs';
import { readCheckpoints } from '../audit/checkpoint.js';
import { type ChainReport, type Checkpoint, verifyChain } from '../audit/verify-chain.js';
import type { Config } from '../config.js';
import { OperatorError } from '../operator-error.js';
import { readOptions } from './usage.js';
import { verifierOf } from './verifier-of.js';
import { withDatabase } from './with-database.js';

/** Checks every organization's audit chain and names the first record that does not hold. Exit code 1 when one is broken. */
export async function auditVerify(args: string[]): Promise<number> {
  const options = readOptions(args, {
    organization: { type: 'string' },
    checkpoint: { type: 'string' },
    json: { type: 'boolean' },
  });
  return withDatabase(async (database, config) => {
    const rows = await database.query('SELECT id, slug FROM organization ORDER BY slug');
    const chosen = rows.filter((row) => options.organization === undefined || row.slug === options.organization);
    if (chosen.length === 0 && options.organization !== undefined) {
      throw new OperatorError('There is no such organization.');
    }
    const checkpoints = options.checkpoint === undefined ? [] : trusted(options.checkpoint, config);
    const reports: Report[] = [];
    for (const { id, slug } of chosen) {
      const checkpoint = checkpoints.find(({ organizationId }) => organizationId === id);
      reports.push({ slug: String(slug), ...(await verifyChain(database, String(id), checkpoint)) });
    }
    const gone = checkpoints.filter(({ organizationId }) => !rows.some(({ id }) => id === organizationId));
    if (options.organization === undefined) reports.push(...gone.map(missing));
    process.stdout.write(options.json ? `${JSON.stringify(reports)}\n` : reports.map(sentence).join(''));
    return reports.every(({ isIntact }) => isIntact) ? 0 : 1;
  });
}

type Report = ChainReport & { readonly slug: string };

/** An organization that was there when the checkpoint was taken. Its slug went with it. */
const missing = ({ organizationId }: Checkpoint): Report => ({
  slug: organizationId,
  organizationId,
  isIntact: false,
  sequence: 1,
  reason: 'the organization of the checkpoint is missing',
});

function trusted(path: string, config: Config): readonly Checkpoint[] {
  if (!existsSync(path)) throw new OperatorError('There is no checkpoint file of this name.');
  const checkpoints = readCheckpoints(readFileSync(path, 'utf8'), verifierOf(config));
  if (checkpoints === null) {
    throw new OperatorError('The checkpoint file was not signed by the writer of this installation.');
  }
  return checkpoints;
}

const sentence = (report: Report): string =>
  report.isIntact
    ? `${report.slug}: ${report.records} records, intact; the last hash is ${report.headHash}\n`
    : `${report.slug}: broken at record ${report.sequence}: ${report.reason}\n`;
