/** The rows that each active principal gains and loses between two revisions of the policies, counted by the database. */
import { type PolicySet, type SqlCondition, selectionChanges } from '../authz/index.js';
import type { Database } from '../database/database.js';
import type { OrganizationId } from '../ids.js';
import { principalsOf } from '../modules/organization/principals-of.js';
import type { Principal } from '../principal.js';
import type { Verifier } from '../vault/sign.js';
import { Progress } from './policy-progress.js';

export interface LiveChange {
  readonly effect: 'gain' | 'loss';
  readonly principal: Pick<Principal, 'id' | 'name' | 'kind' | 'role'>;
  /** Its slug. */
  readonly organization: string;
  readonly subject: string;
  /** Those with the same number of rows and the same example. */
  readonly actions: readonly string[];
  readonly rows: number;
  /** The smallest id among the rows. */
  readonly example: string;
}

export interface LiveReport {
  readonly principals: number;
  /** How many pairs of lists were not the same by their conditions, so that the database had to tell. */
  readonly compared: number;
  readonly changes: readonly LiveChange[];
}

const alias = 'subject_row';

/** Rows of a table that the action is not about: of another kind, or deleted. */
function narrowing(subject: string, action: string): string {
  switch (subject) {
    case 'Member':
      return ` AND ${alias}.kind = 'PERSON'`;
    case 'Group':
      return ` AND ${alias}.kind = 'GROUP'`;
    case 'ServiceAccount':
      return ` AND ${alias}.kind = 'SERVICE_ACCOUNT'`;
    case 'SecretKey':
      return ` AND ${alias}.deleted_at IS ${action === 'restore' ? 'NOT NULL' : 'NULL'}`;
    case 'Workflow':
      return ` AND ${alias}.deleted_at IS NULL`;
    default:
      return '';
  }
}

export async function compareLists(
  database: Database,
  verifier: Verifier,
  base: PolicySet,
  head: PolicySet,
): Promise<LiveReport> {
  const changes: LiveChange[] = [];
  let principals = 0;
  let compared = 0;
  const progress = new Progress('principals', null);
  for (const organization of await database.query('SELECT id, slug FROM organization ORDER BY slug')) {
    for (const principal of await principalsOf(database, verifier, organization.id as OrganizationId)) {
      principals += 1;
      progress.show(principals);
      for (const { subject, action, table, before, after } of selectionChanges(base, head, principal, alias)) {
        compared += 1;
        const from = `FROM ${table} ${alias} WHERE ${alias}.organization_id = ?${narrowing(subject, action)}`;
        for (const [effect, kept, taken] of [
          ['gain', after, before],
          ['loss', before, after],
        ] as const) {
          const { rows, example } = await select(database, from, principal, kept, taken);
          if (rows === 0) continue;
          const { id, name, kind, role } = principal;
          const asked = { id, name, kind, role };
          changes.push({
            effect,
            principal: asked,
            organization: String(organization.slug),
            subject,
            actions: [action],
            rows,
            example,
          });
        }
      }
    }
  }
  progress.end();
  return { principals, compared, changes: together(changes) };
}

/** The rows that fit one condition and not the other. */
async function select(
  database: Database,
  from: string,
  { organizationId }: Principal,
  kept: SqlCondition,
  taken: SqlCondition,
): Promise<{ readonly rows: number; readonly example: string }> {
  const [row] = await database.query(
    `SELECT COUNT(*) AS found, MIN(${alias}.id) AS example ${from} AND (${kept.sql}) AND (${taken.sql}) IS NOT TRUE`,
    [organizationId, ...kept.parameters, ...taken.parameters],
  );
  return { rows: Number(row?.found), example: String(row?.example) };
}

/** Actions that differ in nothing else as one change. */
function together(changes: readonly LiveChange[]): readonly LiveChange[] {
  const groups = new Map<string, LiveChange>();
  for (const change of changes) {
    const { actions, ...rest } = change;
    const key = JSON.stringify(rest);
    groups.set(key, { ...change, actions: [...(groups.get(key)?.actions ?? []), ...actions] });
  }
  return [...groups.values()];
}
