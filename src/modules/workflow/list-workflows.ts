/** `workflows`: one SQL statement a page, from an index that has the rows in the order of the list. */
import { accessToSql } from '../../authz/index.js';
import { indexHint } from '../../database/dialect.js';
import { badInput } from '../../errors.js';
import {
  type CursorPlace,
  type Page,
  type PageArguments,
  pageOf,
  readPageArguments,
} from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, orderBy, readDirection, type SqlPart } from '../../graphql/keyset.js';
import { isId } from '../../ids.js';
import { mustBeSearchable } from '../input-check.js';
import { searchPattern } from '../names.js';
import type { WorkflowOrderFieldName } from './workflow.enums.js';
import type { WorkflowFilter, WorkflowOrder } from './workflow.inputs.js';
import { workflowColumns, workflowJoins, workflowRecord } from './workflow.record.js';
import { Workflow } from './workflow.type.js';

/** Ids are made in the order of time, so the order of creation is the order of ids. */
const sortKeys: Readonly<Record<WorkflowOrderFieldName, { readonly sort: string; readonly index: string }>> = {
  NAME: { sort: 'w.name_key', index: 'workflow_by_name' },
  CREATED_AT: { sort: 'w.id', index: 'PRIMARY' },
  UPDATED_AT: { sort: 'w.updated_at', index: 'workflow_by_update' },
};

export async function listWorkflows(
  ctx: RequestContext,
  args: PageArguments & { readonly filter?: WorkflowFilter | null; readonly orderBy?: WorkflowOrder | null },
): Promise<Page<Workflow>> {
  const filter = args.filter ?? {};
  mustBeSearchable('filter.search', filter.search);
  if (typeof filter.secretKeyId === 'string' && !isId(filter.secretKeyId)) {
    throw badInput({ field: 'filter.secretKeyId', message: 'is not an id' });
  }
  const field = args.orderBy?.field ?? 'NAME';
  const direction = args.orderBy?.direction ?? 'ASC';
  const order = `workflows/${field}/${direction}`;
  const request = readPageArguments(args, order);
  const reading = readDirection(direction, request);
  const { sort, index } = sortKeys[field];

  const where = conditionsOf(ctx, filter);
  const place = after(sort, 'w.id', reading, request.from);
  const from = `FROM workflow w ${indexHint(ctx.database.dialect, index)}`;
  const sorted = orderBy(sort, 'w.id', reading);
  const rows = await ctx.database.query(
    `SELECT ${sort} AS s, ${workflowColumns} ${from} ${workflowJoins} WHERE ${where.sql}${place.sql} ORDER BY ${sorted} LIMIT ?`,
    [...where.parameters, ...place.parameters, request.size + 1],
  );
  return pageOf(
    rows,
    request,
    order,
    (row): CursorPlace => ({ value: typeof row.s === 'string' ? row.s : Number(row.s), id: String(row.id) }),
    (row) => new Workflow(workflowRecord(row)),
    () => countUpToCap(ctx.database, { sql: `SELECT 1 ${from} WHERE ${where.sql}`, parameters: where.parameters }),
  );
}

function conditionsOf(ctx: RequestContext, filter: WorkflowFilter): SqlPart {
  const { organizationId, id } = ctx.principal;
  const policy = accessToSql(ctx.services.policies, 'Workflow', ctx.authz.accessibleBy('read', 'Workflow'), 'w');
  const parts: SqlPart[] = [
    { sql: 'w.organization_id = ? AND w.deleted_at IS NULL', parameters: [organizationId] },
    { sql: `(${policy.sql})`, parameters: policy.parameters },
  ];
  if (filter.state) parts.push({ sql: 'w.state = ?', parameters: [filter.state] });
  if (filter.createdByMe) parts.push({ sql: 'w.created_by_id = ?', parameters: [id] });
  if (filter.search) parts.push({ sql: "w.name_key LIKE ? ESCAPE '!'", parameters: [searchPattern(filter.search)] });
  if (typeof filter.secretKeyId === 'string') parts.push(namesKey(filter.secretKeyId));
  return {
    sql: parts.map(({ sql }) => sql).join(' AND '),
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}

const namesKey = (secretKeyId: string): SqlPart => ({
  sql: `EXISTS (SELECT 1 FROM secret_key_reference r
    WHERE r.organization_id = w.organization_id AND r.secret_key_id = ? AND r.workflow_id = w.id)`,
  parameters: [secretKeyId],
});
