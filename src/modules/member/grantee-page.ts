/** Pages of people, groups or service accounts in the order of their names. */
import { accessToSql } from '../../authz/index.js';
import { type Page, type PageArguments, pageOf, readPageArguments } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, orderBy, readDirection, type SqlPart } from '../../graphql/keyset.js';
import type { PersonRole } from '../../principal.js';
import { mustBeSearchable } from '../input-check.js';
import { searchPattern } from '../names.js';
import type { GranteeKind } from '../organization/organization.entity.js';
import { type GranteeRow, granteeColumns, granteeRow } from './grantee-row.js';
import { AccountState, type AccountStateName } from './member.enums.js';

export interface GranteeFilter {
  readonly search?: string | null | undefined;
  readonly role?: PersonRole | null | undefined;
  /** Active and deactivated ones when it says nothing. */
  readonly state?: AccountStateName | null | undefined;
}

const subjects: Readonly<Record<GranteeKind, string>> = {
  PERSON: 'Member',
  GROUP: 'Group',
  SERVICE_ACCOUNT: 'ServiceAccount',
};

/**
 * Those that the policy lets the caller read.
 * @param order names the list, so that a cursor of another one is refused.
 */
export async function granteePage<Node>(
  ctx: RequestContext,
  order: string,
  kind: GranteeKind,
  filter: GranteeFilter,
  args: PageArguments,
  nodeOf: (row: GranteeRow) => Node,
): Promise<Page<Node>> {
  const request = readPageArguments(args, order);
  mustBeSearchable('search', filter.search);
  const states = filter.state ? [filter.state] : Object.values(AccountState);
  const scans = states.map((state) => scanOf(ctx, kind, state, filter));
  const direction = readDirection('ASC', request);
  const place = after('g.name_key', 'g.id', direction, request.from);
  const limit = request.size + 1;
  // One scan a state: within it, the index has the rows in the order of the list.
  const branches = scans.map(
    ({ sql }, index) =>
      `SELECT * FROM (SELECT ${granteeColumns} ${sql}${place.sql} ORDER BY ${orderBy('g.name_key', 'g.id', direction)} LIMIT ?) b${index}`,
  );
  const rows = await ctx.database.query(
    `SELECT * FROM (${branches.join(' UNION ALL ')}) u ORDER BY ${orderBy('name_key', 'id', direction)} LIMIT ?`,
    [...scans.flatMap(({ parameters }) => [...parameters, ...place.parameters, limit]), limit],
  );
  return pageOf(rows.map(granteeRow), request, order, placeByName, nodeOf, () =>
    countUpToCap(ctx.database, {
      sql: scans.map(({ sql }) => `SELECT 1 ${sql}`).join(' UNION ALL '),
      parameters: scans.flatMap(({ parameters }) => parameters),
    }),
  );
}

export const placeByName = ({ nameKey, id }: GranteeRow) => ({ value: nameKey, id });

function scanOf(ctx: RequestContext, kind: GranteeKind, state: AccountStateName, filter: GranteeFilter): SqlPart {
  const role: SqlPart = filter.role ? { sql: ' AND g.role = ?', parameters: [filter.role] } : nothing;
  const pattern = filter.search ? searchPattern(filter.search) : null;
  const search: SqlPart =
    pattern === null
      ? nothing
      : {
          sql: " AND (g.name_key LIKE ? ESCAPE '!' OR LOWER(g.email) LIKE ? ESCAPE '!')",
          parameters: [pattern, pattern],
        };
  const policy = accessToSql(
    ctx.services.policies,
    subjects[kind],
    ctx.authz.accessibleBy('read', subjects[kind]),
    'g',
  );
  return {
    sql: `FROM grantee g WHERE g.organization_id = ? AND g.kind = ? AND g.state = ? AND (${policy.sql})${role.sql}${search.sql}`,
    parameters: [
      ctx.principal.organizationId,
      kind,
      state,
      ...policy.parameters,
      ...role.parameters,
      ...search.parameters,
    ],
  };
}

const nothing: SqlPart = { sql: '', parameters: [] };
