/** One run from its first step to its last. Everything that it leaves behind has passed the redactor before it is written. */
import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../log.js';
import type { JsonValue } from '../modules/run/run-input.js';
import type { RunError, RunLogLine, RunRedaction } from '../modules/run/run-result.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import { UnsignedRowError, unsignedRow } from '../vault/signed-row.js';
import type { ClaimedRun } from './claim-run.js';
import type { StopReason } from './dispatcher.js';
import type { EgressDoor } from './egress/egress-door.js';
import type { Leases } from './leases.js';
import { runCode } from './run-code.js';
import { asNotVerified, cancelled, RunFailure } from './run-failure.js';
import type { RunLimits } from './run-limits.js';
import { LeaseLostError, RunRecord } from './run-record.js';
import { type RedactedTraces, RunSecrets } from './run-secrets.js';
import type { SandboxPool } from './sandbox/sandbox-pool.js';
import { sendApiRequest } from './send-api-request.js';
import { recordRunRefusal, starterMustMayRun } from './starter.js';
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
  readonly name: string;
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
  const run = new RunExecution(execution, claimed, record, secrets, signal);
  try {
    await run.run().catch(async (error: unknown) => {
      if (!(error instanceof ShutdownError)) throw error;
      await run.amend();
      await execution.leases.giveUp(claimed, execution.clock());
    });
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
    execution.log.warn({ runId: claimed.id }, 'the lease of a run was lost');
  } finally {
    secrets.destroy();
  }
}

const tooMuchLeft = new RunFailure('TOO_LARGE', 'The outputs and logs of the run are larger than they may be.');

class RunExecution {
  readonly #outputs = new Map<string, JsonValue>();
  #kept: readonly KeptStep[] = [];
  /** What the run got, and what is stored of it. */
  #input: { readonly given: JsonValue; readonly stored: string; readonly knownValues: number } | null = null;
  #amending: Promise<void> = Promise.resolve();
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
      await this.record.end('FAILED', this.#failureOf(error).toError());
      return;
    }
    const given = run.input as unknown as JsonValue;
    this.#input = { given, stored: JSON.stringify(given), knownValues: 0 };
    for (const [name, output] of Object.entries(run.input.steps)) this.#outputs.set(name, output);
    let error: RunError | null = null;
    for (const [position, step] of run.steps.entries()) {
      error = this.signal.aborted ? this.#stopped().toError() : await this.#step(run, position, step);
      if (error !== null) break;
    }
    await this.amend();
    const state = error === null ? 'SUCCEEDED' : error.code === 'CANCELLED' ? 'CANCELLED' : 'FAILED';
    await this.record.end(state, error);
  }

  #load(): Promise<VerifiedRun> {
    const { database, verifier } = this.execution;
    return verifiedRun(database.reading, verifier, this.claimed, this.execution.clock());
  }

  /** Null when the step succeeded. */
  async #step(run: VerifiedRun, position: number, step: StepDefinition): Promise<RunError | null> {
    const refusal = await this.#begin(run, position);
    if (refusal !== null) return refusal.toError();
    const outcome = await this.#attempt(run, step);
    const failure = outcome.failure !== null && this.#isStopped ? this.#stopped() : outcome.failure;
    const redacted = this.secrets.redact({
      output: outcome.output,
      logs: outcome.logs,
      error: failure === null ? null : failure.toError(),
    });
    const traces = this.#withinLimits({ ...redacted, receipt: [...outcome.receipt, ...redacted.receipt] });
    const state = traces.error === null ? 'SUCCEEDED' : traces.error.code === 'CANCELLED' ? 'CANCELLED' : 'FAILED';
    await this.record.endStep(position, { state, ...traces, output: withinStoredSize(traces.output) });
    this.#kept = [...this.#kept, { position, name: step.name, traces, knownValues: this.secrets.count }];
    // Later steps get what was redacted: no value goes from one key's reach into another's by way of an answer.
    if (traces.output !== undefined) this.#outputs.set(step.name, traces.output);
    return traces.error;
  }

  /** Why the step may not begin; null when it has. */
  async #begin(run: VerifiedRun, position: number): Promise<RunFailure | null> {
    try {
      await this.record.beginStep(position, (tx) => starterMustMayRun(this.execution, tx, run));
      return null;
    } catch (error) {
      if (!(error instanceof RunFailure || error instanceof UnsignedRowError)) throw error;
      if (error.code === 'RUN_NOT_ALLOWED') await recordRunRefusal(this.execution, run);
      return this.#failureOf(error);
    }
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
      const opened = await openKeys(this.execution, this.record, run, step);
      keys = opened;
      for (const key of opened.values()) this.secrets.addKey(key);
      // What earlier steps left must not show these values while this one runs, nor if it never ends.
      await this.amend();
      const scope = { input: run.input.input, outputs: this.#outputs };
      const beginToSend = async (): Promise<void> => {
        await this.amend();
        await this.record.beginToSend(step);
      };
      const surroundings = { keys: opened, beginToSend, signal: this.signal, secrets: this.secrets };
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

  /** Redacts again what is written down, when more values are known than it was redacted with. Calls take turns. */
  amend(): Promise<void> {
    const turn = this.#amending.catch(() => undefined).then(() => this.#amendInTurn());
    this.#amending = turn;
    return turn;
  }

  async #amendInTurn(): Promise<void> {
    const knownValues = this.secrets.count;
    const isCurrent = this.#kept.every((kept) => kept.knownValues === knownValues);
    if (this.#input === null || (isCurrent && knownValues === this.#input.knownValues && !this.record.isUnmasked))
      return;
    const before = this.#kept;
    const kept: KeptStep[] = [];
    for (const step of before) kept.push(await this.#amended(step, knownValues));
    const changed = kept.filter(({ traces }, index) => traces !== before[index]?.traces);
    const stored = JSON.stringify(this.secrets.redactInput(this.#input.given));
    const input = stored === this.#input.stored ? null : stored;
    if (changed.length > 0 || input !== null || this.record.isUnmasked) {
      const amended = changed.map(({ position, traces }) => ({
        position,
        ...traces,
        output: withinStoredSize(traces.output),
      }));
      await this.record.amend(amended, input);
    }
    // A step may have ended meanwhile.
    this.#kept = [...kept, ...this.#kept.slice(kept.length)];
    this.#input = { ...this.#input, stored, knownValues };
    for (const { name, traces } of changed) if (traces.output !== undefined) this.#outputs.set(name, traces.output);
  }

  async #amended(step: KeptStep, knownValues: number): Promise<KeptStep> {
    if (step.knownValues === knownValues) return step;
    // Between two outputs other runs go on, and leases are renewed.
    await setImmediate();
    const again = this.secrets.redact(step.traces);
    // What was masked before is not found again.
    if (again.receipt.length === 0) return { ...step, knownValues };
    return { ...step, traces: { ...again, receipt: [...step.traces.receipt, ...again.receipt] }, knownValues };
  }

  /** Whether the runner was told to stop, or saw by itself that somebody cancelled the run. */
  get #isStopped(): boolean {
    return this.signal.aborted || this.record.isCancelled;
  }

  /** Called when the run is stopped. Throws when the run is no longer this runner's to end. */
  #stopped(): RunFailure {
    const reason = this.signal.reason as StopReason | undefined;
    if (reason === 'lost') throw new LeaseLostError();
    if (reason === 'shutdown') throw new ShutdownError();
    return cancelled();
  }

  #failureOf(error: unknown): RunFailure {
    if (error instanceof RunFailure) return error;
    if (error instanceof UnsignedRowError) {
      this.execution.log.error({ table: error.table, id: error.id, runId: this.claimed.id }, unsignedRow);
      return asNotVerified(error);
    }
    this.execution.log.error({ err: error, runId: this.claimed.id }, 'a step failed in a way that was not foreseen');
    return new RunFailure('INTERNAL', 'Something failed on our side; the log of the runner tells more.');
  }
}
