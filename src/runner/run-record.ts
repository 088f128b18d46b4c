/**
 * What a runner writes about the run that it holds. Every write first sees that the lease is still its own, so a runner that was
 * suspended past its lease writes, and sends, nothing more.
 */
import type { Database, Transaction } from '../database/database.js';
import type { RunState, RunStepState } from '../modules/run/run.entity.js';
import type { JsonValue } from '../modules/run/run-input.js';
import type { RunError, RunLogLine, RunRedaction } from '../modules/run/run-result.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import type { ClaimedRun } from './claim-run.js';

/** The run is another's now, or nobody's. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

/** Everything in it has been redacted. */
export interface StepResult {
  readonly state: Extract<RunStepState, 'SUCCEEDED' | 'FAILED' | 'CANCELLED'>;
  readonly output: JsonValue | undefined;
  readonly logs: readonly RunLogLine[];
  readonly error: RunError | null;
  readonly receipt: readonly RunRedaction[];
}

export class RunRecord {
  constructor(
    private readonly database: Database,
    private readonly run: ClaimedRun,
    private readonly runnerId: string,
    private readonly clock: () => number,
  ) {}

  /** Throws LeaseLostError unless the lease is this runner's, and keeps it so until the transaction ends. */
  async mustHold(tx: Transaction): Promise<void> {
    const [row] = await tx.lock(
      'SELECT runner_id, lease_until FROM active_run WHERE organization_id = ? AND run_id = ?',
      [this.run.organizationId, this.run.id],
    );
    if (row?.runner_id !== this.runnerId || Number(row.lease_until) <= this.clock()) throw new LeaseLostError();
  }

  async beginStep(position: number): Promise<void> {
    await this.#write(async (tx) => {
      await this.#updateStep(tx, position, "state = 'RUNNING', started_at = ?", [this.clock()]);
    });
  }

  /** Part of the transaction after which a step may send. */
  async markSent(tx: Transaction, step: StepDefinition, now: number): Promise<void> {
    await tx.query(
      'UPDATE workflow_run_step SET sent_at = COALESCE(sent_at, ?) WHERE organization_id = ? AND run_id = ? AND step_id = ?',
      [now, this.run.organizationId, this.run.id, step.id],
    );
  }

  /** Commits that the step is about to send; throws LeaseLostError when it may not. */
  async beginToSend(step: StepDefinition): Promise<void> {
    await this.#write((tx) => this.markSent(tx, step, this.clock()));
  }

  async endStep(position: number, result: StepResult): Promise<void> {
    await this.#write(async (tx) => {
      await this.#updateStep(tx, position, 'state = ?, finished_at = ?, output = ?, logs = ?, error = ?, receipt = ?', [
        result.state,
        this.clock(),
        result.output === undefined ? null : JSON.stringify(result.output),
        JSON.stringify(result.logs),
        result.error && JSON.stringify(result.error),
        JSON.stringify(result.receipt),
      ]);
    });
  }

  /** Writes what a step left again, after more values became known that it must not show. */
  async amendStep(position: number, result: Pick<StepResult, 'output' | 'logs' | 'error' | 'receipt'>): Promise<void> {
    await this.#write(async (tx) => {
      await this.#updateStep(tx, position, 'output = ?, logs = ?, error = ?, receipt = ?', [
        result.output === undefined ? null : JSON.stringify(result.output),
        JSON.stringify(result.logs),
        result.error && JSON.stringify(result.error),
        JSON.stringify(result.receipt),
      ]);
    });
  }

  /** Ends the run; steps that have not begun never will. */
  async end(
    state: Exclude<RunState, 'QUEUED' | 'RUNNING' | 'INTERRUPTED'>,
    error: RunError | null,
    input: string | null,
  ): Promise<void> {
    await this.#write(async (tx) => {
      const of = [this.run.organizationId, this.run.id];
      await tx.query(
        "UPDATE workflow_run_step SET state = ? WHERE organization_id = ? AND run_id = ? AND state = 'PENDING'",
        [state === 'CANCELLED' ? 'CANCELLED' : 'SKIPPED', ...of],
      );
      await tx.query(
        'UPDATE workflow_run SET state = ?, finished_at = ?, error = ?, input = COALESCE(?, input) WHERE organization_id = ? AND id = ?',
        [state, this.clock(), error && JSON.stringify(error), input, ...of],
      );
      await tx.query('DELETE FROM active_run WHERE organization_id = ? AND run_id = ?', of);
    });
  }

  async #updateStep(tx: Transaction, position: number, change: string, parameters: readonly unknown[]): Promise<void> {
    await tx.query(`UPDATE workflow_run_step SET ${change} WHERE organization_id = ? AND run_id = ? AND position = ?`, [
      ...parameters,
      this.run.organizationId,
      this.run.id,
      position,
    ]);
  }

  async #write(work: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.mustHold(tx);
      await work(tx);
      await tx.query('UPDATE workflow_run SET revision = revision + 1 WHERE organization_id = ? AND id = ?', [
        this.run.organizationId,
        this.run.id,
      ]);
    });
  }
}
