import { loadDemoIssuer } from '../authentication/demo-issuer.js';
import { readConfig } from '../config.js';
import { Database } from '../database/database.js';
import { StartError, startErrorOf } from './start-error.js';
import { readOptions, UsageError } from './usage.js';

/** Prints a bearer token for a person of the demo organization. */
export async function token(args: string[]): Promise<number> {
  const options = readOptions(args, { as: { type: 'string' }, json: { type: 'boolean' } });
  if (options.as === undefined) throw new UsageError('say whose token: --as alice, bob, carol or dave');
  const config = readConfig(process.env);
  const issuer = config.demo ? await loadDemoIssuer(config.home) : null;
  if (issuer === null)
    throw new StartError('there is no demo organization here; tokens come from your identity provider.');
  const database = await Database.open(config.database).catch((error: unknown) => {
    throw startErrorOf(error, config.database);
  });
  try {
    const rows = await database.query(
      `SELECT i.subject FROM identity i JOIN organization o ON o.id = i.organization_id
       WHERE i.issuer = ? AND o.is_demo = 1 ORDER BY i.subject`,
      [issuer.provider.issuer],
    );
    const subjects = rows.map((row) => String(row.subject));
    if (subjects.length === 0)
      throw new StartError('there is no demo organization here; tokens come from your identity provider.');
    const subject = options.as.toLowerCase();
    if (!subjects.includes(subject)) throw new UsageError(`the demo organization has ${subjects.join(', ')}`);
    const bearer = await issuer.tokenFor(subject);
    process.stdout.write(
      options.json ? `${JSON.stringify({ token: bearer, subject, expiresInSeconds: 12 * 60 * 60 })}\n` : `${bearer}\n`,
    );
    return 0;
  } finally {
    await database.close();
  }
}
