/**
 * Parity: for random rules, principals and rows, the rows that `accessibleBy` selects in a database are the rows that `decide`
 * allows one by one, and so do the verdicts over all rows. Both sides start from the same rules and share nothing else but the catalogue.
 */
import { isDeepStrictEqual } from 'node:util';
import { PolicyAuthorizer } from '../../src/authz/authorizer.js';
import { compileRules } from '../../src/authz/compile-rules.js';
import type { Term } from '../../src/authz/conditions.js';
import { readingsOf } from '../../src/authz/decision.js';
import {
  type Access,
  accessToSql,
  type FieldVerdict,
  loadPolicies,
  type PolicySubject,
  type Rule,
} from '../../src/authz/index.js';
import type { GranteeId, OrganizationId } from '../../src/ids.js';
import type { Principal } from '../../src/principal.js';

export interface ParityDatabase {
  query(sql: string, parameters: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** MariaDB speaks `mysql`. */
export type ParityDialect = 'sqlite' | 'mysql';

export interface ParityReport {
  /** How often each kind of access was compared, that none of them goes untested. */
  readonly compared: Readonly<Record<Access['kind'], number>>;
  readonly rowsAllowed: number;
  readonly rowsDenied: number;
}

const setsPerRows = 100;
const rowCount = 60;
const actions = ['use', 'read'] as const;

/**
 * Compares `count` pairs of random rules and a random principal. Makes the tables secret_key, secret_grant and
 * secret_key_access in the database, which must not have them, and drops them. Throws with the seed that repeats a
 * disagreement on its first pairs.
 */
export async function checkParity(
  database: ParityDatabase,
  dialect: ParityDialect,
  seed: number,
  count: number,
): Promise<ParityReport> {
  const compared = { none: 0, organization: 0, membership: 0, condition: 0 };
  let rowsAllowed = 0;
  let rowsDenied = 0;
  for (let done = 0; done < count; done += setsPerRows) {
    const world = randomWorld(seed + done);
    await createTables(database, dialect);
    try {
      await insertRows(database, world.keys);
      for (let set = done; set < Math.min(count, done + setsPerRows); set++) {
        const outcome = await compare(database, world, seed + done);
        compared[outcome.kind]++;
        rowsAllowed += outcome.allowed;
        rowsDenied += rowCount - outcome.allowed;
      }
    } finally {
      await dropTables(database);
    }
  }
  return { compared, rowsAllowed, rowsDenied };
}

interface Key {
  readonly id: string;
  readonly organizationId: string;
  readonly accessLevel: string;
  readonly createdById: string | null;
  readonly grants: ReadonlyMap<string, 'USE' | 'MANAGE'>;
}

export interface World {
  readonly random: Random;
  readonly organizations: readonly string[];
  readonly people: readonly string[];
  readonly groups: readonly string[];
  readonly keys: readonly Key[];
}

const policies = loadPolicies('policies');

async function compare(
  database: ParityDatabase,
  world: World,
  seed: number,
): Promise<{ readonly kind: Access['kind']; readonly allowed: number }> {
  const principal = randomPrincipal(world);
  const rules = randomRules(world);
  const action = world.random.pick(actions);
  const authorizer = new PolicyAuthorizer(
    principal,
    'random',
    policies.catalogue,
    compileRules(rules, ['member']),
    readingsOf(rules),
  );

  const access = authorizer.accessibleBy(action, 'SecretKey');
  const decided = world.keys
    .filter((key) => authorizer.can(action, subjectOf(key)))
    .map(({ id }) => id)
    .sort();
  const { sql, parameters } = accessToSql(policies, 'SecretKey', access, 'k');
  const selections: [string, string, readonly unknown[]][] = [
    ['secret_key', `SELECT k.id FROM secret_key k WHERE k.organization_id = ? AND ${sql}`, parameters],
  ];
  if (access.kind === 'membership' && access.values.length > 0) {
    const permissions = access.attribute === 'grantees(use)' ? `'USE', 'MANAGE'` : `'MANAGE'`;
    const flat = `SELECT DISTINCT a.secret_key_id AS id FROM secret_key_access a WHERE a.organization_id = ?
      AND a.permission IN (${permissions}) AND a.grantee_id IN (${access.values.map(() => '?').join(', ')})`;
    selections.push(['secret_key_access', flat, access.values]);
  }
  const report = { seed, action, access, principal, rules: rules.map(({ at: _, why: __, ...rule }) => rule) };
  for (const [table, statement, statementParameters] of selections) {
    const rows = await database.query(statement, [principal.organizationId, ...statementParameters]);
    const selected = rows.map(({ id }) => String(id)).sort();
    if (!isDeepStrictEqual(selected, decided)) throw disagreement(table, { ...report, statement });
  }

  const mask = authorizer.fieldMask('SecretKey', 'name');
  const verdict = authorizer.verdict(action, 'SecretKey');
  for (const key of world.keys) {
    const subject = subjectOf(key);
    if (allows(mask, subject) !== authorizer.can('read', subject, 'name')) throw disagreement('fieldMask', report);
    if (allows(verdict, subject) !== authorizer.can(action, subject)) throw disagreement('verdict', report);
  }
  return { kind: access.kind, allowed: decided.length };
}

const allows = (verdict: FieldVerdict, subject: PolicySubject): boolean =>
  typeof verdict === 'function' ? verdict(subject) : verdict === 'always';

const disagreement = (where: string, report: { readonly seed: number; readonly [key: string]: unknown }): Error =>
  new Error(`decide and ${where} disagree; repeat with seed ${report.seed}: ${JSON.stringify(report, null, 2)}`);

export function subjectOf(key: Key): PolicySubject {
  const manage = [...key.grants].filter(([, permission]) => permission === 'MANAGE').map(([grantee]) => grantee);
  const team = key.accessLevel === 'TEAM' ? [key.organizationId] : [];
  return {
    type: 'SecretKey',
    attributes: {
      organizationId: key.organizationId,
      accessLevel: key.accessLevel,
      createdById: key.createdById,
      'grantees(use)': [...key.grants.keys(), ...team],
      'grantees(manage)': manage,
    },
  };
}

/** The generator mulberry32 by Tommy Ettinger: small, and the same everywhere. */
export class Random {
  constructor(private state: number) {}

  /** At least 0, less than 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new Error('nothing to pick from');
    return item;
  }

  some<T>(items: readonly T[], probability: number): T[] {
    return items.filter(() => this.chance(probability));
  }

  id(): string {
    const digits = Array.from({ length: 32 }, () => Math.floor(this.next() * 16).toString(16)).join('');
    return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }
}

export function randomWorld(seed: number): World {
  const random = new Random(seed);
  const ids = (count: number): string[] => Array.from({ length: count }, () => random.id());
  const organizations = ids(2);
  const lowerCase = ids(4);
  // Ids that differ in case alone are two ids in JavaScript, and must be in the database.
  const people = [...lowerCase, ...lowerCase.slice(0, 2).map((id) => id.toUpperCase())];
  const groups = ids(3);
  const keys = Array.from({ length: rowCount }, (): Key => {
    const grantees = random.some([...people, ...groups, ...organizations], 0.2);
    return {
      id: random.id(),
      organizationId: random.pick(organizations),
      accessLevel: random.pick(['TEAM', 'RESTRICTED', 'RESTRICTED']),
      createdById: random.chance(0.3) ? null : random.pick(people),
      grants: new Map(grantees.map((grantee) => [grantee, random.pick(['USE', 'MANAGE'] as const)])),
    };
  });
  return { random, organizations, people, groups, keys };
}

export function randomPrincipal({ random, organizations, people, groups }: World): Principal {
  const id = random.pick(people) as GranteeId;
  const organizationId = random.pick(organizations) as OrganizationId;
  const groupIds = random.some(groups, 0.4) as GranteeId[];
  const person = random.chance(0.8);
  return {
    kind: person ? 'PERSON' : 'SERVICE_ACCOUNT',
    id,
    organizationId,
    name: 'random',
    role: person ? 'MEMBER' : null,
    permissionSets: [],
    groupIds,
    granteeIds: [id, ...groupIds, organizationId],
  };
}

export function randomRules(world: World): Rule[] {
  const { random } = world;
  const count = 1 + Math.floor(random.next() * 4);
  return Array.from({ length: count }, (_, index): Rule => {
    const effect = random.chance(0.7) ? 'allow' : 'deny';
    const action = random.pick(actions);
    const allowFields = ['id', ...random.some(['name', 'grants'], 0.5)];
    const denyFields = random.chance(0.5) ? ['name'] : null;
    return {
      id: `random/${index}`,
      effect,
      to: ['member'],
      actions: [action],
      subject: 'SecretKey',
      fields: action === 'use' ? null : effect === 'allow' ? allowFields : denyFields,
      when: [...organizationTerms(effect, world), ...randomTerms(world)],
      termLines: [],
      why: 'It is random.',
      at: { file: 'random', line: 1 },
    };
  });
}

function organizationTerms(effect: Rule['effect'], { random, organizations }: World): Term[] {
  const attribute = 'organizationId';
  if (effect === 'allow' || random.chance(0.4)) {
    return [{ op: 'eq', attribute, value: { principal: 'organizationId' } }];
  }
  const elsewhere: readonly Term[] = [
    { op: 'ne', attribute, value: { principal: 'organizationId' } },
    { op: 'in', attribute, values: random.some(organizations, 0.5) },
    { op: 'nin', attribute, values: random.some(organizations, 0.5) },
  ];
  return random.chance(0.5) ? [] : [random.pick(elsewhere)];
}

/** Terms of the fragment over the key's own attributes, at most one for each, as in a file. */
function randomTerms({ random, organizations, people, groups }: World): Term[] {
  const creator = 'createdById';
  const level = 'accessLevel';
  const levels = ['TEAM', 'RESTRICTED'];
  const anyone = [...people, ...groups, ...organizations];
  const one = () => random.pick([null, random.pick(people), { principal: 'id' }, { principal: 'role' }] as const);
  const many = () =>
    random.pick([
      [],
      random.some(anyone, 0.3),
      { principal: 'groupIds' },
      { principal: 'granteeIds' },
      { principal: 'granteeIds' },
    ] as const);
  const choices: Term[][] = [
    [
      { op: 'eq', attribute: level, value: random.pick(levels) },
      { op: 'ne', attribute: level, value: random.pick(levels) },
      { op: 'in', attribute: level, values: random.some(levels, 0.5) },
      { op: 'nin', attribute: level, values: random.some(levels, 0.5) },
    ],
    [
      { op: 'eq', attribute: creator, value: one() },
      { op: 'ne', attribute: creator, value: one() },
      { op: 'in', attribute: creator, values: many() },
      { op: 'nin', attribute: creator, values: many() },
    ],
    [{ op: 'intersects', attribute: 'grantees(use)', values: many() }],
    [{ op: 'intersects', attribute: 'grantees(manage)', values: many() }],
  ];
  return random.some(choices, 0.3).map((terms) => random.pick(terms));
}

const tables = ['secret_key', 'secret_grant', 'secret_key_access'];

async function createTables(database: ParityDatabase, dialect: ParityDialect): Promise<void> {
  const text = (length: number) =>
    dialect === 'sqlite' ? 'TEXT' : `CHAR(${length}) CHARACTER SET ascii COLLATE ascii_bin`;
  const id = text(36);
  const grant = `organization_id ${id} NOT NULL, secret_key_id ${id} NOT NULL, grantee_id ${id} NOT NULL,
    permission ${text(6)} NOT NULL, PRIMARY KEY (organization_id, grantee_id, secret_key_id)`;
  await database.query(
    `CREATE TABLE secret_key (organization_id ${id} NOT NULL, id ${id} NOT NULL, access_level ${text(10)} NOT NULL,
      created_by_id ${id} NULL, PRIMARY KEY (organization_id, id))`,
    [],
  );
  await database.query(`CREATE TABLE secret_grant (${grant})`, []);
  await database.query(`CREATE TABLE secret_key_access (${grant})`, []);
}

async function dropTables(database: ParityDatabase): Promise<void> {
  for (const table of tables) await database.query(`DROP TABLE IF EXISTS ${table}`, []);
}

async function insertRows(database: ParityDatabase, keys: readonly Key[]): Promise<void> {
  const grants = keys.flatMap((key) => [...key.grants].map((grant) => [key.organizationId, key.id, ...grant]));
  const team = keys
    .filter((key) => key.accessLevel === 'TEAM' && !key.grants.has(key.organizationId))
    .map((key) => [key.organizationId, key.id, key.organizationId, 'USE']);
  const insert = async (table: string, rows: readonly (readonly unknown[])[]) => {
    const placeholders = rows.map((row) => `(${row.map(() => '?').join(', ')})`).join(', ');
    await database.query(`INSERT INTO ${table} VALUES ${placeholders}`, rows.flat());
  };
  await insert(
    'secret_key',
    keys.map((key) => [key.organizationId, key.id, key.accessLevel, key.createdById]),
  );
  await insert('secret_grant', grants);
  await insert('secret_key_access', [...grants, ...team]);
}
