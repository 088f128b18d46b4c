/** A run as verbs and presenters know it, without its input and without its steps, and what rules may ask about it. */
import type { PolicySubject } from '../../authz/index.js';
import type { Row } from '../../database/database.js';
import type { GranteeId, OrganizationId, RunId, StepId, WorkflowId } from '../../ids.js';
import type { StepType } from '../workflow/step-definition.js';
import type { RunKind, RunState, RunStepState } from './run.entity.js';
import type { RunError, RunRedaction } from './run-result.js';

export interface RunRecord {
  readonly organizationId: OrganizationId;
  readonly id: RunId;
  readonly kind: RunKind;
  readonly state: RunState;
  readonly revision: number;
  readonly workflowId: WorkflowId | null;
  readonly workflowVersion: number | null;
  /** Who created the workflow, be it deleted since; null too for a test of a step that is in no workflow. */
  readonly workflowCreatedById: GranteeId | null;
  readonly startedById: GranteeId;
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly cancelRequestedAt: number | null;
  readonly error: RunError | null;
  readonly stepCount: number;
}

/** A step without its output and its logs, which may be large. */
export interface RunStepRecord {
  readonly runId: RunId;
  readonly position: number;
  readonly stepId: StepId;
  readonly name: string;
  readonly type: StepType;
  readonly state: RunStepState;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly error: RunError | null;
  readonly receipt: readonly RunRedaction[];
}

/** The columns of a record, from `workflow_run r` and what `workflowJoin` adds. */
export const runColumns = `r.organization_id, r.id, r.kind, r.state, r.revision, r.workflow_id, r.workflow_version, r.started_by_id,
  r.queued_at, r.started_at, r.finished_at, r.cancel_requested_at, r.error, w.created_by_id AS workflow_created_by_id,
  (SELECT COUNT(*) FROM workflow_run_step c WHERE c.organization_id = r.organization_id AND c.run_id = r.id) AS step_count`;

export const workflowJoin = 'LEFT JOIN workflow w ON w.organization_id = r.organization_id AND w.id = r.workflow_id';

export const runStepColumns =
  's.run_id, s.position, s.step_id, s.name, s.type, s.state, s.started_at, s.finished_at, s.error, s.receipt';

export function runRecord(row: Row): RunRecord {
  return {
    organizationId: row.organization_id as OrganizationId,
    id: row.id as RunId,
    kind: row.kind as RunKind,
    state: row.state as RunState,
    revision: Number(row.revision),
    workflowId: row.workflow_id as WorkflowId | null,
    workflowVersion: numberOrNull(row.workflow_version),
    workflowCreatedById: row.workflow_created_by_id as GranteeId | null,
    startedById: row.started_by_id as GranteeId,
    queuedAt: Number(row.queued_at),
    startedAt: numberOrNull(row.started_at),
    finishedAt: numberOrNull(row.finished_at),
    cancelRequestedAt: numberOrNull(row.cancel_requested_at),
    error: jsonOrNull<RunError>(row.error),
    stepCount: Number(row.step_count),
  };
}

export function runStepRecord(row: Row): RunStepRecord {
  return {
    runId: row.run_id as RunId,
    position: Number(row.position),
    stepId: row.step_id as StepId,
    name: String(row.name),
    type: row.type as StepType,
    state: row.state as RunStepState,
    startedAt: numberOrNull(row.started_at),
    finishedAt: numberOrNull(row.finished_at),
    error: jsonOrNull<RunError>(row.error),
    receipt: jsonOrNull<RunRedaction[]>(row.receipt) ?? [],
  };
}

const numberOrNull = (column: unknown): number | null => (column === null ? null : Number(column));

const jsonOrNull = <Stored>(column: unknown): Stored | null =>
  column === null ? null : (JSON.parse(String(column)) as Stored);

/** What rules may ask about a run, or about a part of it. */
export const runSubject = (
  run: Pick<RunRecord, 'organizationId' | 'startedById' | 'workflowCreatedById'>,
  type: 'WorkflowRun' | 'WorkflowRunStep' | 'WorkflowRunError' | 'WorkflowRunRedaction' = 'WorkflowRun',
): PolicySubject => ({
  type,
  attributes: {
    organizationId: run.organizationId,
    startedById: run.startedById,
    workflowCreators: run.workflowCreatedById === null ? [] : [run.workflowCreatedById],
  },
});

export const hasEnded = ({ state }: Pick<RunRecord, 'state'>): boolean => state !== 'QUEUED' && state !== 'RUNNING';
