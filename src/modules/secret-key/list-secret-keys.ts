/** `secretKeys`: one SQL statement a page, whose cost does not grow with the number of keys. */
import { type Access, accessToSql } from '../../authz/index.js';
import type { Row } from '../../database/database.js';
import { type Dialect, indexHint, limitedMember } from '../../database/dialect.js';
import {
  type CursorPlace,
  countCap,
  type Page,
  type PageArguments,
  pageOf,
  readPageArguments,
} from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, orderBy, readDirection, type SortDirection, type SqlPart } from '../../graphql/keyset.js';
import { mustBeSearchable } from '../input-check.js';
import { searchPattern } from '../names.js';
import type { SecretKeyOrderFieldName } from './secret-key.enums.js';
import type { SecretKeyFilter, SecretKeyOrder } from './secret-key.inputs.js';
import { creatorJoin, secretKeyColumns, secretKeyRecord } from './secret-key.record.js';
import { SecretKey } from './secret-key.type.js';

/**
 * Beyond this many grantees a branch each costs more than the filter would; SQLite also ends at 500 terms. A measured union of 200
 * branches takes about 10 times one of 20.
 */
const mostBranches = 200;

interface SortKey {
  /** In `secret_key_access a`. */
  readonly ofAccess: string;
  readonly accessIndex: string;
  /** In `secret_key k`. */
  readonly ofKey: string;
  readonly keyIndex: string;
}

/** Ids are made in the order of time, so the order of creation is the order of ids. */
const sortKeys: Readonly<Record<SecretKeyOrderFieldName, SortKey>> = {
  NAME: {
    ofAccess: 'a.name_key',
    accessIndex: 'secret_key_access_by_name',
    ofKey: 'k.name_key',
    keyIndex: 'secret_key_by_name',
  },
  CREATED_AT: {
    ofAccess: 'a.secret_key_id',
    accessIndex: 'secret_key_access_by_creation',
    ofKey: 'k.id',
    keyIndex: 'PRIMARY',
  },
  VALUE_UPDATED_AT: {
    ofAccess: 'a.value_updated_at',
    accessIndex: 'secret_key_access_by_value_date',
    ofKey: 'k.value_updated_at',
    keyIndex: 'secret_key_by_value_date',
  },
  LAST_USED_AT: {
    ofAccess: 'a.last_used_at',
    accessIndex: 'secret_key_access_by_last_use',
    ofKey: 'k.last_used_at',
    keyIndex: 'secret_key_by_last_use',
  },
};

export async function listSecretKeys(
  ctx: RequestContext,
  args: PageArguments & { readonly filter?: SecretKeyFilter | null; readonly orderBy?: SecretKeyOrder | null },
): Promise<Page<SecretKey>> {
  const filter = args.filter ?? {};
  mustBeSearchable('filter.search', filter.search);
  const field = args.orderBy?.field ?? 'NAME';
  const direction = args.orderBy?.direction ?? 'ASC';
  const order = `secretKeys/${field}/${direction}`;
  const request = readPageArguments(args, order);
  const reading = readDirection(direction, request);
  const source = sourceOf(ctx, filter, sortKeys[field]);

  const rows = source === null ? [] : await readPage(ctx, source, reading, request.from, request.size + 1);
  return pageOf(
    rows,
    request,
    order,
    (row): CursorPlace => ({ value: typeof row.s === 'string' ? row.s : Number(row.s), id: String(row.id) }),
    (row) => new SecretKey(secretKeyRecord(row)),
    () => (source === null ? Promise.resolve(0) : countKeys(ctx, source)),
  );
}

/** Where the ids of a list come from: one or several scans, each of which an index serves in the list's order. */
interface Source {
  readonly sort: string;
  readonly id: string;
  readonly scans: readonly SqlPart[];
}

/** Null when the policy shows the caller nothing. */
function sourceOf(ctx: RequestContext, filter: SecretKeyFilter, sortKey: SortKey): Source | null {
  const access = ctx.authz.accessibleBy('read', 'SecretKey');
  if (access.kind === 'none') return null;
  return byBranches(ctx, access, filter, sortKey) ?? byKeys(ctx, access, filter, sortKey);
}

/** One scan of the access rows for each grantee that reaches keys for the caller; null when the list is not of that shape. */
function byBranches(ctx: RequestContext, access: Access, filter: SecretKeyFilter, sortKey: SortKey): Source | null {
  const wantsManaged = filter.scope === 'MANAGED_BY_ME';
  const grantees = granteesOf(ctx, access, filter);
  if (grantees === null || grantees.length > mostBranches) return null;

  const conditions: SqlPart[] = [];
  if (wantsManaged) conditions.push({ sql: " AND a.permission = 'MANAGE'", parameters: [] });
  if (filter.scope === 'RESTRICTED') conditions.push({ sql: " AND a.access_level = 'RESTRICTED'", parameters: [] });
  if (filter.search)
    conditions.push({ sql: " AND a.name_key LIKE ? ESCAPE '!'", parameters: [searchPattern(filter.search)] });
  if (typeof filter.unusedSince === 'number')
    conditions.push({ sql: ' AND a.last_used_at < ?', parameters: [filter.unusedSince] });
  const needsKey = filter.scope === 'CREATED_BY_ME' || typeof filter.expiresBefore === 'number';
  if (filter.scope === 'CREATED_BY_ME')
    conditions.push({ sql: ' AND k.created_by_id = ?', parameters: [ctx.principal.id] });
  if (typeof filter.expiresBefore === 'number')
    conditions.push({ sql: ' AND k.expires_at < ?', parameters: [filter.expiresBefore] });
  const index = indexHint(ctx.database.dialect, sortKey.accessIndex);
  const join = needsKey ? 'JOIN secret_key k ON k.organization_id = a.organization_id AND k.id = a.secret_key_id' : '';
  return {
    sort: sortKey.ofAccess,
    id: 'a.secret_key_id',
    scans: grantees.map((grantee) => ({
      sql: `FROM secret_key_access a ${index} ${join} WHERE a.organization_id = ? AND a.grantee_id = ?${conditions.map((c) => c.sql).join('')}`,
      parameters: [ctx.principal.organizationId, grantee, ...conditions.flatMap((c) => c.parameters)],
    })),
  };
}

function granteesOf(ctx: RequestContext, access: Access, filter: SecretKeyFilter): readonly string[] | null {
  const { granteeIds, organizationId } = ctx.principal;
  const seen = access.kind === 'membership' && access.attribute === 'grantees(use)' ? access.values : null;
  switch (filter.scope) {
    case 'MANAGED_BY_ME':
      return access.kind === 'organization' || granteeIds.every((id) => seen?.includes(id)) ? granteeIds : null;
    case 'TEAM':
      // A Team key is in the organization's own branch, whoever else it was shared with.
      return seen?.includes(organizationId) ? [organizationId] : null;
    default:
      return seen;
  }
}

/** One scan of the organization's keys, filtered by whatever the policy says. Flat only when it says everything. */
function byKeys(ctx: RequestContext, access: Access, filter: SecretKeyFilter, sortKey: SortKey): Source {
  const policy = accessToSql(ctx.services.policies, 'SecretKey', access, 'k');
  const conditions: SqlPart[] = [{ sql: ` AND (${policy.sql})`, parameters: policy.parameters }];
  if (filter.scope === 'TEAM' || filter.scope === 'RESTRICTED')
    conditions.push({ sql: ' AND k.access_level = ?', parameters: [filter.scope] });
  if (filter.scope === 'CREATED_BY_ME')
    conditions.push({ sql: ' AND k.created_by_id = ?', parameters: [ctx.principal.id] });
  if (filter.scope === 'MANAGED_BY_ME') {
    const { granteeIds } = ctx.principal;
    conditions.push({
      sql: ` AND EXISTS (SELECT 1 FROM secret_grant mg WHERE mg.organization_id = k.organization_id AND mg.secret_key_id = k.id
        AND mg.permission = 'MANAGE' AND mg.grantee_id IN (${granteeIds.map(() => '?').join(', ')}))`,
      parameters: granteeIds,
    });
  }
  if (filter.search)
    conditions.push({ sql: " AND k.name_key LIKE ? ESCAPE '!'", parameters: [searchPattern(filter.search)] });
  if (typeof filter.unusedSince === 'number')
    conditions.push({ sql: ' AND k.last_used_at < ?', parameters: [filter.unusedSince] });
  if (typeof filter.expiresBefore === 'number')
    conditions.push({ sql: ' AND k.expires_at < ?', parameters: [filter.expiresBefore] });
  const index = indexHint(ctx.database.dialect, sortKey.keyIndex);
  return {
    sort: sortKey.ofKey,
    id: 'k.id',
    scans: [
      {
        sql: `FROM secret_key k ${index} WHERE k.organization_id = ? AND k.deleted_at IS NULL${conditions.map((c) => c.sql).join('')}`,
        parameters: [ctx.principal.organizationId, ...conditions.flatMap((c) => c.parameters)],
      },
    ],
  };
}

/** The ids of a source in order, each once, at most `limit`, as a table expression with the columns `s` and `id`. */
function idsOf(
  dialect: Dialect,
  source: Source,
  direction: SortDirection,
  from: CursorPlace | null,
  limit: number,
): SqlPart {
  const place = after(source.sort, source.id, direction, from);
  const scans = source.scans.map(({ sql, parameters }) => ({
    sql: limitedMember(
      dialect,
      `SELECT ${source.sort} AS s, ${source.id} AS id ${sql}${place.sql} ORDER BY ${orderBy(source.sort, source.id, direction)} LIMIT ?`,
    ),
    parameters: [...parameters, ...place.parameters, limit],
  }));
  const distinct = source.scans.length === 1 ? '' : 'DISTINCT ';
  return {
    sql: `SELECT ${distinct}s, id FROM (${scans.map(({ sql }) => sql).join(' UNION ALL ')}) u ORDER BY s ${direction}, id ${direction} LIMIT ?`,
    parameters: [...scans.flatMap(({ parameters }) => parameters), limit],
  };
}

function readPage(
  ctx: RequestContext,
  source: Source,
  direction: SortDirection,
  from: CursorPlace | null,
  limit: number,
): Promise<Row[]> {
  const ids = idsOf(ctx.database.dialect, source, direction, from, limit);
  return ctx.database.query(
    `SELECT page.s, ${secretKeyColumns(ctx.database.dialect)} FROM (${ids.sql}) page
     JOIN secret_key k ON k.organization_id = ? AND k.id = page.id ${creatorJoin}
     ORDER BY page.s ${direction}, page.id ${direction}`,
    [...ids.parameters, ctx.principal.organizationId],
  );
}

function countKeys(ctx: RequestContext, source: Source): Promise<number> {
  const ids = idsOf(ctx.database.dialect, source, 'ASC', null, countCap + 1);
  return countUpToCap(ctx.database, { sql: `SELECT 1 FROM (${ids.sql}) ids`, parameters: ids.parameters });
}
