import { loadDemoIssuer } from '../authentication/demo-issuer.js';
import { readConfig } from '../config.js';
import { OperatorError } from '../operator-error.js';
import { readOptions, UsageError } from './usage.js';
import { withDatabase } from './with-database.js';

const noDemo = 'There is no demo organization here; tokens come from your identity provider.';
const lifetimeSeconds = 12 * 60 * 60;

/** Prints a bearer token for a person of the demo organization. */
export async function token(args: string[]): Promise<number> {
  const options = readOptions(args, { as: { type: 'string' }, json: { type: 'boolean' } });
  if (options.as === undefined) throw new UsageError('say whose token: --as alice, bob, carol or dave');
  const subject = options.as.toLowerCase();
  const config = readConfig(process.env);
  const issuer = config.demo ? await loadDemoIssuer(config.home) : null;
  if (issuer === null) throw new OperatorError(noDemo);
  return withDatabase(async (database) => {
    const rows = await database.query(
      `SELECT i.subject FROM identity i JOIN organization o ON o.id = i.organization_id
       WHERE i.issuer = ? AND o.is_demo = 1 ORDER BY i.subject`,
      [issuer.provider.issuer],
    );
    const subjects = rows.map((row) => String(row.subject));
    if (subjects.length === 0) throw new OperatorError(noDemo);
    if (!subjects.includes(subject)) throw new UsageError(`the demo organization has ${subjects.join(', ')}`);
    const bearer = await issuer.tokenFor(subject, lifetimeSeconds);
    const answer = { token: bearer, subject, expiresInSeconds: lifetimeSeconds };
    process.stdout.write(options.json ? `${JSON.stringify(answer)}\n` : `${bearer}\n`);
    return 0;
  }, config);
}
