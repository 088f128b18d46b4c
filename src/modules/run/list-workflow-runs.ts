/** `workflowRuns`: one SQL statement a page, through the index that the filter calls for. */
import { accessToSql } from '../../authz/index.js';
import { type Dialect, indexHint, limitedMember } from '../../database/dialect.js';
import { badInput } from '../../errors.js';
import {
  type CursorPlace,
  countCap,
  type Page,
  type PageArguments,
  pageOf,
  readPageArguments,
} from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, readDirection, type SortDirection, type SqlPart } from '../../graphql/keyset.js';
import { isId } from '../../ids.js';
import type { RunState } from './run.entity.js';
import type { WorkflowRunFilter } from './run.inputs.js';
import { runColumns, runRecord, workflowJoin } from './run.record.js';
import { WorkflowRun } from './run.type.js';

/** Ids are made in the order of time, so the latest run has the greatest one. */
const order = 'workflowRuns';

export async function listWorkflowRuns(
  ctx: RequestContext,
  args: PageArguments & { readonly filter?: WorkflowRunFilter | null },
): Promise<Page<WorkflowRun>> {
  const { organizationId } = ctx.principal;
  const { dialect } = ctx.database;
  const scans = scansOf(ctx, args.filter ?? {});
  const request = readPageArguments(args, order);
  const direction = readDirection('DESC', request);

  const ids = idsOf(dialect, scans, direction, request.from, request.size + 1);
  const rows =
    ids === null
      ? []
      : await ctx.database.query(
          `SELECT ${runColumns} FROM (${ids.sql}) page JOIN workflow_run r ON r.organization_id = ? AND r.id = page.id ${workflowJoin}
           ORDER BY page.id ${direction}`,
          [...ids.parameters, organizationId],
        );
  return pageOf(
    rows,
    request,
    order,
    (row): CursorPlace => ({ value: String(row.id), id: String(row.id) }),
    (row) => new WorkflowRun(runRecord(row)),
    async () => {
      const counted = idsOf(dialect, scans, 'ASC', null, countCap + 1);
      return counted === null
        ? 0
        : countUpToCap(ctx.database, { ...counted, sql: `SELECT 1 FROM (${counted.sql}) ids` });
    },
  );
}

/** Each is served by an index in the order of ids; no run is in two of them. */
function scansOf(ctx: RequestContext, filter: WorkflowRunFilter): SqlPart[] {
  const { organizationId, id: principalId } = ctx.principal;
  const access = ctx.authz.accessibleBy('read', 'WorkflowRun');
  const { workflowId, startedByMe, kind } = filter;
  const states = filter.states ? [...new Set(filter.states)] : null;
  if (typeof workflowId === 'string' && !isId(workflowId)) {
    throw badInput({ field: 'filter.workflowId', message: 'is not an id' });
  }
  if (access.kind === 'none') return [];

  const policy = accessToSql(ctx.services.policies, 'WorkflowRun', access, 'r');
  const narrow: SqlPart[] = [{ sql: `(${policy.sql})`, parameters: policy.parameters }];
  if (typeof workflowId === 'string') narrow.push({ sql: 'r.workflow_id = ?', parameters: [workflowId] });
  if (startedByMe) narrow.push({ sql: 'r.started_by_id = ?', parameters: [principalId] });
  if (kind) narrow.push({ sql: 'r.kind = ?', parameters: [kind] });
  const scan = (index: string, more: readonly SqlPart[] = []): SqlPart => {
    const conditions = [...narrow, ...more];
    return {
      sql: `FROM workflow_run r ${indexHint(ctx.database.dialect, index)} WHERE r.organization_id = ?${conditions.map(({ sql }) => ` AND ${sql}`).join('')}`,
      parameters: [organizationId, ...conditions.flatMap(({ parameters }) => parameters)],
    };
  };
  const inState = (state: RunState): SqlPart => ({ sql: 'r.state = ?', parameters: [state] });
  const inStates: SqlPart[] =
    states === null
      ? []
      : [
          {
            sql: states.length === 0 ? 'FALSE' : `r.state IN (${states.map(() => '?').join(', ')})`,
            parameters: states,
          },
        ];

  if (typeof workflowId === 'string') return [scan('workflow_run_by_workflow', inStates)];
  if (startedByMe) return [scan('workflow_run_by_starter', inStates)];
  if (states !== null) return states.map((state) => scan('workflow_run_by_state', [inState(state)]));
  return [scan('PRIMARY')];
}

/** The ids of the scans in order, at most `limit`, as a table expression with the column `id`; null without a scan. */
function idsOf(
  dialect: Dialect,
  scans: readonly SqlPart[],
  direction: SortDirection,
  from: CursorPlace | null,
  limit: number,
): SqlPart | null {
  if (scans.length === 0) return null;
  const place = after('r.id', 'r.id', direction, from);
  const members = scans.map(({ sql, parameters }) => ({
    sql: limitedMember(dialect, `SELECT r.id AS id ${sql}${place.sql} ORDER BY r.id ${direction} LIMIT ?`),
    parameters: [...parameters, ...place.parameters, limit],
  }));
  return {
    sql: `SELECT id FROM (${members.map(({ sql }) => sql).join(' UNION ALL ')}) u ORDER BY id ${direction} LIMIT ?`,
    parameters: [...members.flatMap(({ parameters }) => parameters), limit],
  };
}
