/** One run from its first step to its last. Everything that it leaves behind has passed the redactor before it is written. */
import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../log.js';
import type { JsonValue } from '../modules/run/run-input.js';
import type { RunError, RunLogLine, RunRedaction } from '../modules/run/run-result.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import type { ClaimedRun } from './claim-run.js';
import type { StopReason } from './dispatcher.js';
import type { EgressDoor } from './egress/egress-door.js';
import { keyUsesOf } from './key-uses.js';
import type { Leases } from './leases.js';
import { runCode } from './run-code.js';
import { RunFailure } from './run-failure.js';
import type { RunLimits } from './run-limits.js';
import { LeaseLostError, RunRecord } from './run-record.js';
import { type RedactedTraces, RunSecrets } from './run-secrets.js';
import type { SandboxPool } from './sandbox/sandbox-pool.js';
import { sendApiRequest } from './send-api-request.js';
import { lengthOf, withinLogSize, withinStoredSize } from './stored-output.js';
import { type KeyAccess, type OpenedKey, openKeys } from './use-keys.js';
import { type VerifiedRun, verifiedRun } from './verified-run.js';

export interface Execution extends KeyAccess {
  readonly runnerId: string;
  readonly leases: Leases;
  readonly door: EgressDoor;
  readonly sandbox: SandboxPool;
  readonly limits: RunLimits;
  readonly log: Logger;
}

interface KeptStep {
  readonly position: number;
  readonly traces: RedactedTraces;
  /** How many values were known when it was redacted. */
  readonly knownValues: number;
}

/** What a step did, before redaction. */
export interface StepOutcome {
  readonly output: JsonValue | undefined;
  readonly logs: readonly RunLogLine[];
  readonly failure: RunFailure | null;
  /** Of what had to be redacted before it could be an output. */
  readonly receipt: readonly RunRedaction[];
}

/** The runner stops and does not wait for the run any more. */
class ShutdownError extends Error {
  override readonly name = 'ShutdownError';
}

/** Never throws for what happens in a run: that is written into it. Throws when it cannot be written. */
export async function executeRun(execution: Execution, claimed: ClaimedRun, signal: AbortSignal): Promise<void> {
  const record = new RunRecord(execution.database, claimed, execution.runnerId, execution.clock);
  const secrets = new RunSecrets();
  try {
    await new RunExecution(execution, claimed, record, secrets, signal).run();
  } catch (error) {
    if (error instanceof LeaseLostError) execution.log.warn({ runId: claimed.id }, 'the lease of a run was lost');
    else if (error instanceof ShutdownError) await execution.leases.giveUp(claimed, execution.clock());
    else throw error;
  } finally {
    secrets.destroy();
  }
}

const tooMuchLeft = new RunFailure('TOO_LARGE', 'The outputs and logs of the run are larger than they may be.');

class RunExecution {
  readonly #outputs = new Map<string, JsonValue>();
  readonly #kept: KeptStep[] = [];
  #leftLength: number;

  constructor(
    private readonly execution: Execution,
    private readonly claimed: ClaimedRun,
    private readonly record: RunRecord,
    private readonly secrets: RunSecrets,
    private readonly signal: AbortSignal,
  ) {
    this.#leftLength = execution.limits.outputBytes;
  }

  async run(): Promise<void> {
    let run: VerifiedRun;
    try {
      run = await this.#load();
    } catch (error) {
      // What nobody signed is not kept as the run's error, nor shown.
      await this.record.end('FAILED', this.#failureOf(error).toError(), null);
      return;
    }
    for (const [name, output] of Object.entries(run.input.steps)) this.#outputs.set(name, output);
    let error: RunError | null = null;
    for (const [position, step] of run.steps.entries()) {
      error = this.signal.aborted ? this.#stopped().toError() : await this.#step(run, position, step);
      if (error !== null) break;
    }
    await this.#amend();
    const state = error === null ? 'SUCCEEDED' : error.code === 'CANCELLED' ? 'CANCELLED' : 'FAILED';
    const input = JSON.stringify(this.secrets.redactInput(run.input as unknown as JsonValue));
    await this.record.end(state, error, input);
  }

  #load(): Promise<VerifiedRun> {
    const { database, verifier } = this.execution;
    return verifiedRun(database.reading, verifier, this.claimed.organizationId, this.claimed.id);
  }

  /** Null when the step succeeded. */
  async #step(run: VerifiedRun, position: number, step: StepDefinition): Promise<RunError | null> {
    await this.record.beginStep(position);
    const outcome = await this.#attempt(run, step);
    const failure = outcome.failure !== null && this.signal.aborted ? this.#stopped() : outcome.failure;
    const redacted = this.secrets.redact({
      output: outcome.output,
      logs: outcome.logs,
      error: failure === null ? null : failure.toError(),
    });
    const traces = this.#withinLimits({ ...redacted, receipt: [...outcome.receipt, ...redacted.receipt] });
    const state = traces.error === null ? 'SUCCEEDED' : traces.error.code === 'CANCELLED' ? 'CANCELLED' : 'FAILED';
    await this.record.endStep(position, { state, ...traces, output: withinStoredSize(traces.output) });
    this.#kept.push({ position, traces, knownValues: this.secrets.count });
    // Later steps get what was redacted: no value goes from one key's reach into another's by way of an answer.
    if (traces.output !== undefined) this.#outputs.set(step.name, traces.output);
    return traces.error;
  }

  /** What the run has no more room for is left out, and the step fails if it did not before. */
  #withinLimits(traces: RedactedTraces): RedactedTraces {
    const logs = withinLogSize(traces.logs, this.execution.limits.logBytes);
    this.#leftLength -= lengthOf(traces.output, logs);
    if (this.#leftLength >= 0) return { ...traces, logs };
    const { message } = tooMuchLeft;
    return {
      ...traces,
      output: undefined,
      logs: [{ level: 'warn', text: message }],
      error: traces.error ?? tooMuchLeft.toError(),
    };
  }

  async #attempt(run: VerifiedRun, step: StepDefinition): Promise<StepOutcome> {
    let keys: ReadonlyMap<string, OpenedKey> = new Map();
    try {
      const opened = await openKeys(this.execution, this.record, run, step, keyUsesOf(step));
      keys = opened;
      for (const key of opened.values()) this.secrets.addKey(key);
      const scope = { input: run.input.input, outputs: this.#outputs };
      const surroundings = { keys: opened, record: this.record, signal: this.signal, secrets: this.secrets };
      if (step.type === 'SEND_API_REQUEST') {
        const { door } = this.execution;
        return { logs: [], ...(await sendApiRequest(step, scope, { ...surroundings, door })) };
      }
      return await runCode(step, scope, {
        ...surroundings,
        door: this.execution.door,
        sandbox: this.execution.sandbox,
        organizationId: run.organizationId,
        limits: this.execution.limits,
      });
    } catch (error) {
      if (error instanceof LeaseLostError) throw error;
      return { output: undefined, logs: [], failure: this.#failureOf(error), receipt: [] };
    } finally {
      for (const { value } of keys.values()) value.destroy();
    }
  }

  /** Redacts again what was kept before all values were known. */
  async #amend(): Promise<void> {
    for (const { position, traces, knownValues } of this.#kept) {
      if (knownValues === this.secrets.count) continue;
      // Between two outputs other runs go on, and leases are renewed.
      await setImmediate();
      const again = this.secrets.redact(traces);
      // What was masked before is not found again.
      if (again.receipt.length === 0) continue;
      await this.record.amendStep(position, {
        ...again,
        output: withinStoredSize(again.output),
        receipt: [...traces.receipt, ...again.receipt],
      });
    }
  }

  /** Called when the signal has aborted. Throws when the run is no longer this runner's to end. */
  #stopped(): RunFailure {
    const reason = this.signal.reason as StopReason;
    if (reason === 'lost') throw new LeaseLostError();
    if (reason === 'shutdown') throw new ShutdownError();
    return new RunFailure('CANCELLED', 'Somebody cancelled the run.');
  }

  #failureOf(error: unknown): RunFailure {
    if (error instanceof RunFailure) return error;
    this.execution.log.error({ err: error, runId: this.claimed.id }, 'a step failed in a way that was not foreseen');
    return new RunFailure('INTERNAL', 'Something failed on our side; the log of the runner tells more.');
  }
}
