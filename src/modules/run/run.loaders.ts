/**
 * Look-ups of parts of runs, one statement for all that a page asks at once. What may be large is read only when it is asked for, and
 * only after its length was.
 */
import DataLoader from 'dataloader';
import type { Database, Row } from '../../database/database.js';
import type { OrganizationId } from '../../ids.js';
import { mostInBatch, rowsBy } from '../member/batching.js';
import { ResultAllowance } from './result-allowance.js';
import { type RunRecord, type RunStepRecord, runStepColumns, runStepRecord } from './run.record.js';
import { type CountedSince, createRunCountLoader, type RunCountRecord } from './run-counts.js';

/** A run at one of its revisions: nothing of it changes until the next one, so that what was read can be kept for the operation. */
export type RunRevision = Pick<RunRecord, 'id' | 'revision'>;

export interface StepRevision {
  readonly run: RunRevision;
  readonly position: number;
}

/** In bytes. */
export interface RunSizes {
  readonly input: number;
  /** By the position of the step. */
  readonly outputs: ReadonlyMap<number, number>;
  readonly logs: ReadonlyMap<number, number>;
}

export interface RunLoaders {
  /** The steps of a run in their order. */
  readonly stepsOfRun: DataLoader<RunRevision, RunStepRecord[], string>;
  readonly sizesOfRun: DataLoader<RunRevision, RunSizes, string>;
  /** As it is stored, to be parsed when the allowance has room for it: so are the next two. Null when there is none. */
  readonly outputOfStep: DataLoader<StepRevision, string | null, string>;
  readonly logsOfStep: DataLoader<StepRevision, string | null, string>;
  /** What a run started with. */
  readonly inputOfRun: DataLoader<RunRevision, string | null, string>;
  readonly runCountsOfWorkflow: DataLoader<CountedSince, readonly RunCountRecord[]>;
  /** What the operation may still show of inputs, outputs and logs. */
  readonly resultAllowance: ResultAllowance;
}

export function createRunLoaders(database: Database, organizationId: OrganizationId): RunLoaders {
  const rowsOfRuns = async (select: (runIds: string) => string, runs: readonly RunRevision[], idColumn: string) => {
    const runIds = [...new Set(runs.map(({ id }) => id))];
    const rows = await database.query(select(runIds.map(() => '?').join(', ')), [organizationId, ...runIds]);
    const byRun = rowsBy(rows, idColumn);
    return runs.map(({ id }) => byRun.get(id) ?? []);
  };
  const textOfStep = (column: 'output' | 'logs') =>
    new DataLoader<StepRevision, string | null, string>(
      async (steps) => {
        // Each step by its primary key: a list of pairs would be looked up by none on MariaDB.
        const one = '(organization_id = ? AND run_id = ? AND position = ?)';
        const rows = await database.query(
          `SELECT run_id, position, ${column} AS text FROM workflow_run_step WHERE ${steps.map(() => one).join(' OR ')}`,
          steps.flatMap(({ run, position }) => [organizationId, run.id, position]),
        );
        const texts = new Map(rows.map((row) => [`${row.run_id}/${row.position}`, row.text]));
        return steps.map(({ run, position }) => textOrNull(texts.get(`${run.id}/${position}`)));
      },
      {
        maxBatchSize: mostInBatch,
        cacheKeyFn: ({ run, position }) => `${revisionKey(run)}/${position}`,
      },
    );
  return {
    stepsOfRun: new DataLoader(async (runs) => {
      const steps = await rowsOfRuns(
        (runIds) =>
          `SELECT ${runStepColumns} FROM workflow_run_step s
           WHERE s.organization_id = ? AND s.run_id IN (${runIds}) ORDER BY s.run_id, s.position`,
        runs,
        'run_id',
      );
      return steps.map((rows) => rows.map(runStepRecord));
    }, byRevision),

    sizesOfRun: new DataLoader(async (runs) => {
      const inputs = await rowsOfRuns(
        (runIds) =>
          `SELECT id, OCTET_LENGTH(input) AS input FROM workflow_run WHERE organization_id = ? AND id IN (${runIds})`,
        runs,
        'id',
      );
      const steps = await rowsOfRuns(
        (runIds) =>
          `SELECT run_id, position, OCTET_LENGTH(output) AS output, OCTET_LENGTH(logs) AS logs FROM workflow_run_step
             WHERE organization_id = ? AND run_id IN (${runIds})`,
        runs,
        'run_id',
      );
      return runs.map((_, index) => sizesOf(inputs[index] ?? [], steps[index] ?? []));
    }, byRevision),

    outputOfStep: textOfStep('output'),

    logsOfStep: textOfStep('logs'),

    inputOfRun: new DataLoader(async (runs) => {
      const inputs = await rowsOfRuns(
        (runIds) => `SELECT id, input AS text FROM workflow_run WHERE organization_id = ? AND id IN (${runIds})`,
        runs,
        'id',
      );
      return inputs.map(([row]) => textOrNull(row?.text));
    }, byRevision),

    runCountsOfWorkflow: createRunCountLoader(database, organizationId),

    resultAllowance: new ResultAllowance(),
  };
}

const revisionKey = ({ id, revision }: RunRevision): string => `${id}/${revision}`;

const byRevision = { maxBatchSize: mostInBatch, cacheKeyFn: revisionKey };

const textOrNull = (column: unknown): string | null =>
  column === null || column === undefined ? null : String(column);

const sizesOf = ([run]: readonly Row[], steps: readonly Row[]): RunSizes => ({
  input: Number(run?.input ?? 0),
  outputs: new Map(steps.map((row) => [Number(row.position), Number(row.output ?? 0)])),
  logs: new Map(steps.map((row) => [Number(row.position), Number(row.logs ?? 0)])),
});
