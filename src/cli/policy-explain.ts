import { explainDecision, loadPolicies, loadTestdata, type PolicySet, type PolicySubject } from '../authz/index.js';
import type { Database } from '../database/database.js';
import type { GranteeId, OrganizationId } from '../ids.js';
import { principalsOf } from '../modules/organization/principals-of.js';
import { type AccessPath, accessPaths } from '../modules/secret-key/access-paths.js';
import { readSecretKey } from '../modules/secret-key/load-secret-key.js';
import { secretKeySubject } from '../modules/secret-key/secret-key.record.js';
import type { Principal } from '../principal.js';
import type { Verifier } from '../vault/sign.js';
import { explanationText } from './policy-explain-text.js';
import { folderOf, policyOptions } from './policy-output.js';
import { readOptions, UsageError } from './usage.js';
import { verifierOf } from './verifier-of.js';
import { withDatabase } from './with-database.js';

/** Who is asked about, and what. */
export interface Parties {
  readonly principal: Principal;
  readonly object: PolicySubject;
  /** What people call the object. */
  readonly objectName: string;
  /** What people call a person, a group, a service account or an organization. */
  readonly nameOf: (id: string) => string;
  /** How grants reach the principal; none for what is no key. */
  readonly paths: readonly KeyPath[];
}

export type KeyPath = AccessPath<{ readonly id: GranteeId; readonly name: string }>;

/**
 * Tells why a principal may, or may not, do something: with the testdata of the policies or, given an organization, with a key of the
 * database. Exit code 1 when it may not.
 */
export async function policyExplain(args: string[]): Promise<number> {
  const options = readOptions(args, {
    ...policyOptions,
    as: { type: 'string' },
    can: { type: 'string' },
    key: { type: 'string' },
    field: { type: 'string' },
    organization: { type: 'string' },
  });
  const { as, can: action, key, field, organization, json } = options;
  if (!as || !action || !key) throw new UsageError('give --as, --can and --key');
  const folder = folderOf(options.policies);
  const policies = loadPolicies(folder);
  const answer = (parties: Parties): number => {
    const { principal, object, objectName, paths } = parties;
    requireCell(policies, object, action, field);
    const explanation = explainDecision(policies, principal, action, object, field);
    const question = { principal: principal.name, action, field: field ?? null, object: objectName };
    process.stdout.write(
      json
        ? `${JSON.stringify({ ...question, ...explanation, paths: paths.map(pathJson) }, null, 2)}\n`
        : explanationText(explanation, parties, field === undefined ? action : `${action} ${field} of`),
    );
    return explanation.decision.effect === 'allow' ? 0 : 1;
  };
  if (organization === undefined) return answer(partiesOfTestdata(folder, policies, as, key));
  return withDatabase(async (database, config) =>
    answer(await partiesOfDatabase(database, verifierOf(config), organization, as, key)),
  );
}

function partiesOfTestdata(folder: string, policies: PolicySet, as: string, key: string): Parties {
  const { principals, resources } = loadTestdata(folder, policies);
  const principal = principals.get(as);
  const object = resources.get(key);
  if (!principal) throw new UsageError(`--as must be one of ${[...principals.keys()].join(', ')}`);
  if (!object) throw new UsageError(`--key must be one of ${[...resources.keys()].join(', ')}`);
  return { principal, object, objectName: key, nameOf: (id) => id, paths: pathsIn(object, principal) };
}

/** Those of a key of the testdata, which has its grants as two sets; the organization in the first of them is Team access. */
function pathsIn({ attributes }: PolicySubject, principal: Principal): readonly KeyPath[] {
  const elementsOf = (name: string): readonly string[] => {
    const value = attributes[name];
    return Array.isArray(value) ? value : [];
  };
  const use = elementsOf('grantees(use)');
  const manage = elementsOf('grantees(manage)');
  const isTeam = use.includes(principal.organizationId);
  const grants = use
    .filter((id) => id !== principal.organizationId)
    .map((id) => {
      const permission = manage.includes(id) ? ('MANAGE' as const) : ('USE' as const);
      return { grantee: { id: id as GranteeId, name: id }, permission };
    });
  return accessPaths({ accessLevel: isTeam ? 'TEAM' : 'RESTRICTED', grants }, principal);
}

const pathJson = ({ kind, permission, through }: KeyPath) => ({
  kind,
  permission,
  through: through && { id: through.id, name: through.name },
});

async function partiesOfDatabase(
  database: Database,
  verifier: Verifier,
  slug: string,
  as: string,
  key: string,
): Promise<Parties> {
  const [organization] = await database.query('SELECT id, name FROM organization WHERE slug = ?', [slug]);
  if (!organization) throw new UsageError('--organization is the slug of no organization');
  const organizationId = organization.id as OrganizationId;
  const principals = await principalsOf(database, verifier, organizationId);
  const named = principals.filter(({ id, name }) => id === as || name === as);
  const [principal] = named;
  if (!principal) throw new UsageError('--as is the name or id of no active person or service account there');
  if (named.length > 1) throw new UsageError('--as is the name of several there; give the id');
  const record = await readSecretKey(database, verifier, organizationId, key);
  if (!record) throw new UsageError('--key is the id of no key there');
  const grantees = await database.query('SELECT id, name FROM grantee WHERE organization_id = ?', [organizationId]);
  const names = new Map([organization, ...grantees].map(({ id, name }) => [String(id), String(name)]));
  return {
    principal,
    object: secretKeySubject(record),
    objectName: record.name,
    nameOf: (id) => names.get(id) ?? id,
    paths: accessPaths(record, principal),
  };
}

function requireCell({ catalogue }: PolicySet, { type }: PolicySubject, action: string, field?: string): void {
  const declaration = catalogue.subjects.get(type);
  const actions = declaration?.actions ?? [];
  if (!actions.includes(action)) throw new UsageError(`--can must be one of ${actions.join(', ')}`);
  const names = [...(declaration?.fields.get(action) ?? [])];
  if (field !== undefined && !names.includes(field)) {
    throw new UsageError(
      names.length === 0 ? `${action} has no --field` : `--field must be one of ${names.join(', ')}`,
    );
  }
}
