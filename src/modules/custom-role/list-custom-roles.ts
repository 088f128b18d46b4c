/** `customRoles`: the custom roles of the organization by name. */
import { accessToSql } from '../../authz/index.js';
import { type Page, pageOf, readPageArguments } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, orderBy, readDirection } from '../../graphql/keyset.js';
import { mustBeSearchable } from '../input-check.js';
import { searchPattern } from '../names.js';
import type { CustomRolesArgs } from './custom-role.inputs.js';
import { customRoleColumns, customRoleRow } from './custom-role.record.js';
import { CustomRole } from './custom-role.type.js';

const order = 'customRoles';

export async function listCustomRoles(ctx: RequestContext, args: CustomRolesArgs): Promise<Page<CustomRole>> {
  const request = readPageArguments(args, order);
  mustBeSearchable('search', args.search);
  const reading = readDirection('ASC', request);
  const place = after('r.name_key', 'r.id', reading, request.from);
  const policy = accessToSql(ctx.services.policies, 'CustomRole', ctx.authz.accessibleBy('read', 'CustomRole'), 'r');
  const pattern = args.search ? searchPattern(args.search) : null;
  const from = `FROM custom_role r WHERE r.organization_id = ? AND (${policy.sql})${pattern === null ? '' : " AND r.name_key LIKE ? ESCAPE '!'"}`;
  const parameters = [ctx.principal.organizationId, ...policy.parameters, ...(pattern === null ? [] : [pattern])];
  const rows = await ctx.database.query(
    `SELECT ${customRoleColumns} ${from}${place.sql} ORDER BY ${orderBy('r.name_key', 'r.id', reading)} LIMIT ?`,
    [...parameters, ...place.parameters, request.size + 1],
  );
  return pageOf(
    rows,
    request,
    order,
    (row) => ({ value: String(row.name_key), id: String(row.id) }),
    (row) => new CustomRole(customRoleRow(row)),
    () => countUpToCap(ctx.database, { sql: `SELECT 1 ${from}`, parameters }),
  );
}
