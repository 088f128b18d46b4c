/**
 * What a runner writes about the run that it holds. Every write first sees that the lease is still its own, so a runner that was
 * suspended past its lease writes, and sends, nothing more. Of a run that somebody cancelled no step begins and nothing is sent.
 */
import type { Database, Transaction } from '../database/database.js';
import type { StepId } from '../ids.js';
import type { RunState, RunStepState } from '../modules/run/run.entity.js';
import type { JsonValue } from '../modules/run/run-input.js';
import type { RunError, RunLogLine, RunRedaction } from '../modules/run/run-result.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import type { ClaimedRun } from './claim-run.js';
import { cancelled, notVerified } from './run-failure.js';

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

export type AmendedStep = Pick<StepResult, 'output' | 'logs' | 'error' | 'receipt'> & { readonly position: number };

export class RunRecord {
  /** When this runner marked a step as sent. */
  readonly #sentAt = new Map<StepId, number>();
  #isUnmasked = false;
  #isCancelled = false;

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

  /** Whether the run was found cancelled. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Whether what is written down may hold a value that it has not been searched for. */
  get isUnmasked(): boolean {
    return this.#isUnmasked;
  }

  /** @param mustMayBegin throws a RunFailure when the step may not begin; nothing is written then. */
  async beginStep(position: number, mustMayBegin: (tx: Transaction) => Promise<void>): Promise<void> {
    await this.#write(async (tx) => {
      await this.#mustNotBeCancelled(tx);
      await mustMayBegin(tx);
      await this.#updateStep(tx, position, "state = 'RUNNING', started_at = ?", [this.clock()]);
    });
  }

  /**
   * Part of the transaction after which a step may send. Throws a RunFailure when the run is cancelled, and when the step was marked before
   * and not by this runner.
   */
  async markSent(tx: Transaction, step: StepDefinition, now: number): Promise<void> {
    await this.#mustNotBeCancelled(tx);
    const of = [this.run.organizationId, this.run.id, step.id];
    const [row] = await tx.query(
      'SELECT sent_at FROM workflow_run_step WHERE organization_id = ? AND run_id = ? AND step_id = ?',
      of,
    );
    const isSent = row !== undefined && row.sent_at !== null;
    if (row === undefined || (isSent && Number(row.sent_at) !== this.#sentAt.get(step.id))) throw notVerified();
    if (isSent) return;
    await tx.query(
      'UPDATE workflow_run_step SET sent_at = ? WHERE organization_id = ? AND run_id = ? AND step_id = ?',
      [now, ...of],
    );
    this.#sentAt.set(step.id, now);
  }

  /** Part of the transaction after which keys are opened. Until the next `amend` what is written down counts as unmasked. */
  async markUnmasked(tx: Transaction): Promise<void> {
    await this.#setUnmasked(tx, 1);
    this.#isUnmasked = true;
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

  /** Writes what steps left again, and the input unless it is null, after more values became known that they must not show. */
  async amend(results: readonly AmendedStep[], input: string | null): Promise<void> {
    await this.#write(async (tx) => {
      for (const { position, output, logs, error, receipt } of results) {
        await this.#updateStep(tx, position, 'output = ?, logs = ?, error = ?, receipt = ?', [
          output === undefined ? null : JSON.stringify(output),
          JSON.stringify(logs),
          error && JSON.stringify(error),
          JSON.stringify(receipt),
        ]);
      }
      if (input !== null) {
        await tx.query('UPDATE workflow_run SET input = ? WHERE organization_id = ? AND id = ?', [
          input,
          this.run.organizationId,
          this.run.id,
        ]);
      }
      await this.#setUnmasked(tx, 0);
    });
    this.#isUnmasked = false;
  }

  /** Ends the run; steps that have not begun never will. */
  async end(state: Exclude<RunState, 'QUEUED' | 'RUNNING' | 'INTERRUPTED'>, error: RunError | null): Promise<void> {
    await this.#write(async (tx) => {
      const of = [this.run.organizationId, this.run.id];
      await tx.query(
        "UPDATE workflow_run_step SET state = ? WHERE organization_id = ? AND run_id = ? AND state = 'PENDING'",
        [state === 'CANCELLED' ? 'CANCELLED' : 'SKIPPED', ...of],
      );
      await tx.query(
        'UPDATE workflow_run SET state = ?, finished_at = ?, error = ? WHERE organization_id = ? AND id = ?',
        [state, this.clock(), error && JSON.stringify(error), ...of],
      );
      await tx.query('DELETE FROM active_run WHERE organization_id = ? AND run_id = ?', of);
    });
  }

  /** Whoever cancels locks the row that is locked here. */
  async #mustNotBeCancelled(tx: Transaction): Promise<void> {
    const [row] = await tx.query('SELECT cancel_requested_at FROM workflow_run WHERE organization_id = ? AND id = ?', [
      this.run.organizationId,
      this.run.id,
    ]);
    if (row?.cancel_requested_at == null) return;
    this.#isCancelled = true;
    throw cancelled();
  }

  async #setUnmasked(tx: Transaction, isUnmasked: 0 | 1): Promise<void> {
    await tx.query('UPDATE active_run SET is_unmasked = ? WHERE organization_id = ? AND run_id = ?', [
      isUnmasked,
      this.run.organizationId,
      this.run.id,
    ]);
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
