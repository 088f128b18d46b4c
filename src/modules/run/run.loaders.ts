/** Look-ups of parts of runs, one statement for all that a page asks at once. What may be large is read only when it is asked for. */
import DataLoader from 'dataloader';
import type { Database, Row } from '../../database/database.js';
import type { OrganizationId, RunId } from '../../ids.js';
import { batchOnly, rowsBy } from '../member/batching.js';
import { type RunStepRecord, runStepColumns, runStepRecord } from './run.record.js';
import type { JsonValue, RunInput } from './run-input.js';
import type { RunLogLine } from './run-result.js';

export interface StepResult {
  readonly output: JsonValue;
  readonly logs: readonly RunLogLine[];
}

export interface RunLoaders {
  /** The steps of a run in their order. */
  readonly stepsOfRun: DataLoader<RunId, RunStepRecord[]>;
  /** What came out of each step of a run, by position. */
  readonly resultsOfRun: DataLoader<RunId, ReadonlyMap<number, StepResult>>;
  /** What a run started with; null when the run is gone. */
  readonly inputOfRun: DataLoader<RunId, RunInput | null>;
}

export function createRunLoaders(database: Database, organizationId: OrganizationId): RunLoaders {
  const rowsOfRuns = async (select: (runIds: string) => string, ids: readonly RunId[], idColumn: string) => {
    const runIds = [...new Set(ids)];
    const rows = await database.query(select(runIds.map(() => '?').join(', ')), [organizationId, ...runIds]);
    const byRun = rowsBy(rows, idColumn);
    return ids.map((id) => byRun.get(id) ?? []);
  };
  return {
    stepsOfRun: new DataLoader(async (ids) => {
      const steps = await rowsOfRuns(
        (runIds) =>
          `SELECT ${runStepColumns} FROM workflow_run_step s
           WHERE s.organization_id = ? AND s.run_id IN (${runIds}) ORDER BY s.run_id, s.position`,
        ids,
        'run_id',
      );
      return steps.map((rows) => rows.map(runStepRecord));
    }, batchOnly),

    resultsOfRun: new DataLoader(async (ids) => {
      const results = await rowsOfRuns(
        (runIds) =>
          `SELECT run_id, position, output, logs FROM workflow_run_step WHERE organization_id = ? AND run_id IN (${runIds})`,
        ids,
        'run_id',
      );
      return results.map((rows) => new Map(rows.map((row) => [Number(row.position), stepResult(row)])));
    }, batchOnly),

    inputOfRun: new DataLoader(async (ids) => {
      const inputs = await rowsOfRuns(
        (runIds) => `SELECT id, input FROM workflow_run WHERE organization_id = ? AND id IN (${runIds})`,
        ids,
        'id',
      );
      return inputs.map(([row]) => (row === undefined ? null : (JSON.parse(String(row.input)) as RunInput)));
    }, batchOnly),
  };
}

const stepResult = (row: Row): StepResult => ({
  output: row.output === null ? null : (JSON.parse(String(row.output)) as JsonValue),
  logs: row.logs === null ? [] : (JSON.parse(String(row.logs)) as RunLogLine[]),
});
