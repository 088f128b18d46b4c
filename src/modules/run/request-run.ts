/** Puts a run into the queue, signed: nobody but the api makes a runner run something. */
import type { Transaction } from '../../database/database.js';
import { ApiError } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import type { Memory } from '../../graphql/write.js';
import { newId, type RunId, type WorkflowId } from '../../ids.js';
import { runRequestDocument } from '../../vault/documents.js';
import type { InputCheck } from '../input-check.js';
import type { StepDefinition } from '../workflow/step-definition.js';
import { loadRun, reloadRun } from './load-run.js';
import { ActiveRunEntity, RunEntity, type RunKind, RunStepEntity } from './run.entity.js';
import type { RunRecord } from './run.record.js';
import type { JsonValue, RunInput } from './run-input.js';

export interface RunRequest {
  readonly kind: RunKind;
  readonly workflowId: WorkflowId | null;
  /** Null when the steps have not been saved: they are kept and signed with the run then. */
  readonly workflowVersion: number | null;
  readonly steps: readonly StepDefinition[];
  readonly input: RunInput;
}

/** Throws RATE_LIMITED when too many of the organization's runs wait. Decide everything else before. */
export async function requestRun(ctx: RequestContext, tx: Transaction, request: RunRequest): Promise<RunRecord> {
  await mustHaveRoom(ctx, tx);
  const { organizationId, id: startedById } = ctx.principal;
  const { kind, workflowId, workflowVersion, steps } = request;
  const id = newId<RunId>(ctx.now);
  const signed = {
    organizationId,
    workflowId,
    workflowVersion,
    steps: workflowVersion === null ? JSON.stringify(steps) : null,
    input: JSON.stringify({ input: request.input.input, steps: request.input.steps } satisfies RunInput),
    startedById,
    queuedAt: ctx.now,
  };
  await tx.manager.insert(RunEntity, {
    ...signed,
    id,
    kind,
    state: 'QUEUED',
    signature: ctx.writer.signer.sign(runRequestDocument({ ...signed, runId: id })),
    revision: 1,
    startedAt: null,
    finishedAt: null,
    cancelRequestedAt: null,
    error: null,
  });
  if (steps.length > 0) {
    await tx.manager.insert(
      RunStepEntity,
      steps.map((step, position) => ({
        organizationId,
        runId: id,
        position,
        stepId: step.id,
        name: step.name,
        type: step.type,
        state: 'PENDING' as const,
        startedAt: null,
        sentAt: null,
        finishedAt: null,
        output: null,
        logs: null,
        error: null,
        receipt: null,
      })),
    );
  }
  await tx.manager.insert(ActiveRunEntity, {
    organizationId,
    runId: id,
    leaseUntil: 0,
    runnerId: null,
    isUnmasked: false,
  });
  return reloadRun(tx, { organizationId, id });
}

/** How long to wait before asking again, in seconds: a runner takes up a few runs in that time. */
const retryAfterSeconds = 10;

/** Counted without a lock: requests at the same moment may go over the bound by as many as they are. */
async function mustHaveRoom(ctx: RequestContext, tx: Transaction): Promise<void> {
  const { runsQueuedMost } = ctx.services;
  const [last] = await tx.query(
    'SELECT run_id FROM active_run WHERE organization_id = ? AND lease_until = 0 LIMIT 1 OFFSET ?',
    [ctx.principal.organizationId, runsQueuedMost - 1],
  );
  if (last === undefined) return;
  throw new ApiError('RATE_LIMITED', 'Too many runs of the organization wait already.', { retryAfterSeconds });
}

/** A JSON object, empty when there is none. */
export function readObject(
  check: InputCheck,
  field: string,
  value: JsonValue | undefined,
): Readonly<Record<string, JsonValue>> {
  if (value === undefined || value === null) return {};
  if (typeof value === 'object' && !Array.isArray(value)) return value as Readonly<Record<string, JsonValue>>;
  check.add(field, 'must be an object');
  return {};
}

/** Tells the runners of a run that waits. Called after the transaction, also for a repeated request: a notice costs nothing. */
export function announce(ctx: RequestContext, run: RunRecord): void {
  if (run.state === 'QUEUED') ctx.services.runQueue.announce({ organizationId: run.organizationId, runId: run.id });
}

/** Of an outcome only the run's id is kept: a repeated request gets the run as it is now. */
export const keptById = (ctx: RequestContext): Memory<RunRecord, { readonly runId: string }> => ({
  keep: ({ id }) => ({ runId: id }),
  recall: (tx, { runId }) => loadRun(ctx, tx, runId),
});
