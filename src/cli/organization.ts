import { recordAudit } from '../audit/audit-log.js';
import { readConfig } from '../config.js';
import { newId } from '../ids.js';
import { InputCheck } from '../modules/input-check.js';
import { createOrganization } from '../modules/organization/create-organization.js';
import { insertGrantee, insertIdentity } from '../modules/organization/membership.js';
import { OperatorError } from '../operator-error.js';
import { readKeyFile } from '../vault/keys.js';
import { createWriter } from '../vault/writer.js';
import { readOptions, UsageError } from './usage.js';
import { withDatabase } from './with-database.js';

/** Creates an organization with its first administrator, who signs in with the given subject of the configured provider. */
export async function organization(args: string[]): Promise<number> {
  const options = readOptions(args, {
    slug: { type: 'string' },
    name: { type: 'string' },
    'admin-subject': { type: 'string' },
    'admin-name': { type: 'string' },
    issuer: { type: 'string' },
  });
  const { slug, name, 'admin-subject': subject, 'admin-name': adminName } = options;
  if (!slug || !name || !subject || !adminName)
    throw new UsageError('give --slug, --name, --admin-subject and --admin-name');
  if (!/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(slug))
    throw new UsageError('--slug must have 1 to 63 lower-case letters, digits and hyphens');
  const config = readConfig(process.env);
  const issuer = options.issuer ?? config.oidc?.provider.issuer;
  if (issuer === undefined) throw new UsageError('give --issuer, or set NIGHTSAFE_OIDC_ISSUER');
  if (!/^https?:\/\/[^\s?#]{1,247}$/.test(issuer))
    throw new UsageError('--issuer must be an http or https URL without query and fragment');
  if (!/^[!-~](?:[ -~]{0,253}[!-~])?$/.test(subject))
    throw new UsageError('--admin-subject must have 1 to 255 printable ASCII characters, no space at either end');
  const check = new InputCheck();
  const names = { organization: check.name('--name', name), admin: check.name('--admin-name', adminName) };
  check.done();
  return withDatabase(async (database) => {
    const writer = createWriter({
      writerPrivateKey: readKeyFile(config.writerKeyFile, 'writer-private'),
      writerPublicKey: readKeyFile(config.writerPublicKeyFile, 'writer-public'),
      rootPublicKey: readKeyFile(config.rootPublicKeyFile, 'root-public'),
    });
    const now = Date.now();
    const organizationId = await database.transaction(async (tx) => {
      const [taken] = await tx.lock('SELECT id FROM organization WHERE slug = ?', [slug]);
      if (taken !== undefined) throw new OperatorError('An organization with this slug exists.');
      const id = await createOrganization(tx, writer, { slug, name: names.organization, isDemo: false, now });
      const personId = await insertGrantee(tx, writer, {
        organizationId: id,
        kind: 'PERSON',
        name: names.admin,
        role: 'ADMIN',
        now,
      });
      await insertIdentity(tx, writer, { issuer, subject, organizationId: id, personId });
      await recordAudit(
        tx,
        { organizationId: id, principal: null, requestId: `command-${newId(now)}`, now },
        {
          type: 'member.added',
          subject: { type: 'Member', id: personId, name: names.admin },
          details: { role: 'ADMIN', issuer },
        },
      );
      return id;
    });
    process.stdout.write(`${organizationId}\n`);
    return 0;
  }, config);
}
