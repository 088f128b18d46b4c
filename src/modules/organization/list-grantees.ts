/** `grantees`: people, groups and service accounts that a key can be shared with, for a picker. */
import { type Page, type PageArguments, pageOf, readPageArguments } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, orderBy, readDirection } from '../../graphql/keyset.js';
import type { GranteeId } from '../../ids.js';
import { mustBeSearchable } from '../input-check.js';
import { searchPattern } from '../names.js';
import { Grantee } from './grantee.type.js';
import type { GranteeKind, GranteeState } from './organization.entity.js';

const order = 'grantees';

export async function listGrantees(
  ctx: RequestContext,
  args: PageArguments & { readonly search?: string | null; readonly kinds?: readonly GranteeKind[] | null },
): Promise<Page<Grantee>> {
  const { organizationId } = ctx.principal;
  const request = readPageArguments(args, order);
  mustBeSearchable('search', args.search);
  const kinds: readonly GranteeKind[] = args.kinds?.length ? args.kinds : ['PERSON', 'GROUP', 'SERVICE_ACCOUNT'];
  const reading = readDirection('ASC', request);
  const place = after('g.name_key', 'g.id', reading, request.from);
  const pattern = args.search ? searchPattern(args.search) : null;
  const from = `FROM grantee g WHERE g.organization_id = ? AND g.state = 'ACTIVE' AND g.kind IN (${kinds.map(() => '?').join(', ')})${
    pattern === null ? '' : " AND (g.name_key LIKE ? ESCAPE '!' OR LOWER(g.email) LIKE ? ESCAPE '!')"
  }`;
  const parameters = [organizationId, ...kinds, ...(pattern === null ? [] : [pattern, pattern])];
  const rows = await ctx.database.query(
    `SELECT g.id, g.kind, g.name, g.name_key, g.email, g.state ${from}${place.sql} ORDER BY ${orderBy('g.name_key', 'g.id', reading)} LIMIT ?`,
    [...parameters, ...place.parameters, request.size + 1],
  );
  return pageOf(
    rows,
    request,
    order,
    (row) => ({ value: String(row.name_key), id: String(row.id) }),
    (row) =>
      new Grantee(organizationId, {
        id: row.id as GranteeId,
        kind: row.kind as GranteeKind,
        name: String(row.name),
        email: row.email as string | null,
        state: row.state as GranteeState,
      }),
    () => countUpToCap(ctx.database, { sql: `SELECT 1 ${from}`, parameters }),
  );
}
