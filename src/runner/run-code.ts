/** The action Run Code: constants from the step's variables, placeholders in the place of values, and the sandbox's outcome. */
import type { SecretKeyId } from '../ids.js';
import type { JsonValue } from '../modules/run/run-input.js';
import type { RunLogLine } from '../modules/run/run-result.js';
import type { RunCodeStep } from '../modules/workflow/step-definition.js';
import { ByteBudget } from './byte-budget.js';
import { CodeHost, shortestValue } from './code-host.js';
import type { EgressDoor } from './egress/egress-door.js';
import type { StepOutcome } from './execute-run.js';
import { Gate } from './gate.js';
import { lone, render, type Scope, type Sources } from './render-template.js';
import { RunFailure } from './run-failure.js';
import type { RunLimits } from './run-limits.js';
import type { RunSecrets } from './run-secrets.js';
import type { SandboxOutcome, StopReason } from './sandbox/outcome.js';
import { Placeholders } from './sandbox/placeholders.js';
import type { SandboxPool } from './sandbox/sandbox-pool.js';
import type { StepSurroundings } from './step-surroundings.js';
import { withinLogSize } from './stored-output.js';
import type { OpenedKey } from './use-keys.js';

export interface RunCodeSurroundings extends StepSurroundings {
  readonly door: EgressDoor;
  readonly sandbox: SandboxPool;
  readonly secrets: RunSecrets;
  readonly organizationId: string;
  readonly limits: RunLimits;
}

type Keys = ReadonlyMap<SecretKeyId, OpenedKey>;

export async function runCode(
  step: RunCodeStep,
  sources: Sources,
  surroundings: RunCodeSurroundings,
): Promise<StepOutcome> {
  const { keys, sandbox, organizationId, signal, limits } = surroundings;
  const placeholders = new Placeholders();
  const rawKeys = [...keys.values()].filter(({ uses }) => uses.includes('RAW'));
  const budget = new ByteBudget(limits.variableBytes, 'The variables would be larger than they may be.');
  const variables = variablesOf(step, { ...sources, budget }, keys, placeholders);
  const host = new CodeHost({ ...surroundings, placeholders, step, restrictHosts: commonHosts(rawKeys) });
  // Each answer may have as many bytes as the door lets through.
  const gate = new Gate(Math.max(1, Math.floor(limits.answerBytes / surroundings.door.limits.responseBodyBytes)));
  const timeout = AbortSignal.timeout(step.timeoutSeconds * 1000);
  const outcome = await sandbox.run({
    organizationId,
    code: step.code,
    variables,
    host: (call, ended) =>
      call.name === 'fetch' ? gate.through(() => host.call(call, ended), ended) : host.call(call, ended),
    signal: AbortSignal.any([signal, timeout]),
  });
  const isLate = outcome.kind === 'stopped' && timeout.aborted && !signal.aborted;
  const failure = isLate ? stopped.WALL : failureOf(outcome);
  if (rawKeys.length > 0) return withheld(failure);
  return {
    output: outcome.kind === 'returned' ? (outcome.output as JsonValue) : undefined,
    logs: withinLogSize(
      outcome.logs.map(({ level, text }) => ({ level: level === 'log' ? 'info' : level, text })),
      limits.logBytes,
    ),
    failure,
    receipt: [],
  };
}

function variablesOf(
  step: RunCodeStep,
  scope: Scope,
  keys: Keys,
  placeholders: Placeholders,
): Readonly<Record<string, JsonValue>> {
  const constants = step.variables.map(({ name, value }, index): [string, JsonValue] => {
    const field = `variables[${index}].value`;
    const whole = lone(value, scope, field);
    if (whole !== undefined) return [name, whole];
    const parts = render(value, scope, field).map((part) => {
      if ('secretKeyId' in part) {
        const text = textFor(keys.get(part.secretKeyId), placeholders, field);
        scope.budget.spend(text, field);
        return text;
      }
      return 'text' in part ? part.text : '';
    });
    return [name, parts.join('')];
  });
  return Object.fromEntries(constants);
}

/** A placeholder; for a key that allows raw use, the value itself. */
function textFor(key: OpenedKey | undefined, placeholders: Placeholders, field: string): string {
  if (key === undefined) throw new Error('every key of a step was opened before it runs');
  if (!key.uses.includes('RAW')) return placeholders.forKey(key.id);
  return key.value.use((bytes) => {
    if (bytes.length < shortestValue) {
      throw new RunFailure(
        'SECRET_KEY_USE_NOT_ALLOWED',
        'The value of a key is too short for RAW: it could not be masked.',
        {
          secretKeyId: key.id,
          field,
        },
      );
    }
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  });
}

/** The hosts that all of the keys may go to; null when none of them says where. */
function commonHosts(rawKeys: readonly OpenedKey[]): readonly string[] | null {
  const lists = rawKeys.filter(({ allowsAnyHost }) => !allowsAnyHost).map(({ allowedHosts }) => allowedHosts);
  const [first, ...others] = lists;
  return first?.filter((host) => others.every((list) => list.includes(host))) ?? null;
}

const stopped: Readonly<Record<StopReason, RunFailure>> = {
  CPU: new RunFailure('CODE_STOPPED', 'The code computed longer than it may.'),
  MEMORY: new RunFailure('CODE_STOPPED', 'The code used more memory than it may.'),
  WALL: new RunFailure('TIMED_OUT', 'The code took longer than it may.'),
  RESULT_TOO_LARGE: new RunFailure('CODE_STOPPED', 'The code returned more than it may.'),
  HOST_CALLS: new RunFailure('CODE_STOPPED', 'The code made more calls than it may.'),
  CRASHED: new RunFailure('CODE_STOPPED', 'The sandbox ended.'),
  CANCELLED: new RunFailure('CANCELLED', 'Somebody cancelled the run.'),
};

function failureOf(outcome: SandboxOutcome): RunFailure | null {
  if (outcome.kind === 'returned') return null;
  if (outcome.kind === 'stopped') return stopped[outcome.reason];
  const { name, message, line } = outcome.error;
  return new RunFailure('CODE_THREW', `${name}: ${message}`, { line });
}

/** Code that had a value can write it in ways that no search finds, so nothing that it wrote is kept. */
function withheld(failure: RunFailure | null): StepOutcome {
  const line: RunLogLine = {
    level: 'info',
    text: 'Output and logs are withheld: the code had the value of a key.',
  };
  const message = 'The code failed; what it said is withheld, since it had the value of a key.';
  return {
    output: undefined,
    logs: [line],
    receipt: [],
    failure: failure?.code === 'CODE_THREW' ? new RunFailure('CODE_THREW', message) : failure,
  };
}
