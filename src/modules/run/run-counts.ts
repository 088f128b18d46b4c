/** How many runs of workflows ended on each day, in each state. */
import DataLoader from 'dataloader';
import type { Database } from '../../database/database.js';
import { indexHint } from '../../database/dialect.js';
import type { RequestContext } from '../../graphql/context.js';
import type { OrganizationId, WorkflowId } from '../../ids.js';
import { rowsBy } from '../member/batching.js';
import { dayInMilliseconds } from '../secret-key/delete-secret-key.js';
import type { Workflow } from '../workflow/workflow.type.js';
import type { RunState } from './run.entity.js';
import { WorkflowRunCount } from './run.type.js';

export interface RunCountRecord {
  /** The first instant of a day in UTC. */
  readonly day: number;
  readonly state: RunState;
  readonly count: number;
}

const daysByDefault = 30;
/** Each has at most as many counts as there are states. */
const mostDays = 366;
const mostWorkflows = 50;

/** The oldest day first, for a year from the day of `since` on; for the last thirty days without one. */
export async function runCounts(
  ctx: RequestContext,
  workflow: Workflow,
  since?: number | null,
): Promise<WorkflowRunCount[]> {
  const from = dayOf(since ?? ctx.now - daysByDefault * dayInMilliseconds);
  const counts = await ctx.loaders.runCountsOfWorkflow.load({ workflowId: workflow.record.id, from });
  return counts.map((count) => new WorkflowRunCount(workflow, count));
}

export interface CountedSince {
  readonly workflowId: WorkflowId;
  /** The first instant of a day in UTC. */
  readonly from: number;
}

/** Runs that were purged are counted with those that are there. */
export const createRunCountLoader = (database: Database, organizationId: OrganizationId) =>
  new DataLoader<CountedSince, readonly RunCountRecord[]>(
    async (asked) => {
      const counts = new Map<string, readonly RunCountRecord[]>();
      for (const from of new Set(asked.map((one) => one.from))) {
        const ids = [...new Set(asked.filter((one) => one.from === from).map(({ workflowId }) => workflowId))];
        const marks = ids.map(() => '?').join(', ');
        const parameters = [organizationId, ...ids, from, from + mostDays * dayInMilliseconds];
        const rows = await database.query(
          `SELECT workflow_id, day, state, SUM(run_count) AS run_count FROM (
             SELECT workflow_id, day, state, run_count FROM run_tally
             WHERE organization_id = ? AND workflow_id IN (${marks}) AND day >= ? AND day < ?
             UNION ALL
             SELECT workflow_id, finished_at - finished_at % ${dayInMilliseconds} AS day, state, COUNT(*) AS run_count
             FROM workflow_run ${indexHint(database.dialect, 'workflow_run_by_workflow_end')}
             WHERE organization_id = ? AND workflow_id IN (${marks}) AND finished_at >= ? AND finished_at < ?
             GROUP BY workflow_id, finished_at - finished_at % ${dayInMilliseconds}, state
           ) counts GROUP BY workflow_id, day, state ORDER BY workflow_id, day, state`,
          [...parameters, ...parameters],
        );
        for (const [workflowId, ofWorkflow] of rowsBy(rows, 'workflow_id')) {
          const records = ofWorkflow.map((row) => ({
            day: Number(row.day),
            state: row.state as RunState,
            count: Number(row.run_count),
          }));
          counts.set(`${workflowId}/${from}`, records);
        }
      }
      return asked.map(({ workflowId, from }) => counts.get(`${workflowId}/${from}`) ?? []);
    },
    { cache: false, maxBatchSize: mostWorkflows },
  );

const dayOf = (instant: number): number => instant - (instant % dayInMilliseconds);
