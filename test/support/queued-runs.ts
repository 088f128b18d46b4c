/** Runs put into the queue as the api puts them there, and what is left of them. */
import { type GranteeId, newId, type OrganizationId, type RunId, type StepId } from '../../src/ids.js';
import { ActiveRunEntity, RunEntity, RunStepEntity } from '../../src/modules/run/run.entity.js';
import type { JsonValue } from '../../src/modules/run/run-input.js';
import type { RunError, RunLogLine, RunRedaction } from '../../src/modules/run/run-result.js';
import type { RunCodeStep, SendApiRequestStep, StepDefinition } from '../../src/modules/workflow/step-definition.js';
import type { Template } from '../../src/modules/workflow/template.js';
import { runRequestDocument } from '../../src/vault/documents.js';
import type { TestApi } from './api.js';

export const text = (content: string): Template => (content === '' ? [] : [{ kind: 'text', text: content }]);

let steps = 0;

export function requestStep(editedById: GranteeId, step: Partial<SendApiRequestStep>): SendApiRequestStep {
  steps += 1;
  return {
    type: 'SEND_API_REQUEST',
    id: newId<StepId>(),
    name: `request${steps}`,
    editedById,
    timeoutSeconds: 10,
    method: 'GET',
    url: [],
    query: [],
    headers: [],
    basicAuth: null,
    body: { kind: 'none' },
    expectStatus: null,
    ...step,
  };
}

export function codeStep(editedById: GranteeId, code: string, step: Partial<RunCodeStep> = {}): RunCodeStep {
  steps += 1;
  return {
    type: 'RUN_CODE',
    id: newId<StepId>(),
    name: `code${steps}`,
    editedById,
    timeoutSeconds: 30,
    code,
    variables: [],
    ...step,
  };
}

/** Puts a run into the queue, signed as the api signs it; then `tampered` is what the row says instead. */
export async function queueRun(
  api: TestApi,
  organizationId: OrganizationId,
  startedById: GranteeId,
  steps: readonly StepDefinition[],
  input: JsonValue = {},
  tampered: Partial<RunEntity> = {},
): Promise<RunId> {
  const { database, writer, runQueue } = api.services;
  const id = newId<RunId>();
  const request = {
    organizationId,
    workflowId: null,
    workflowVersion: null,
    steps: JSON.stringify(steps),
    input: JSON.stringify({ input, steps: {} }),
    startedById,
    queuedAt: Date.now(),
  };
  await database.transaction(async (tx) => {
    await tx.manager.insert(RunEntity, {
      ...request,
      id,
      kind: 'TEST',
      state: 'QUEUED',
      signature: writer.signer.sign(runRequestDocument({ ...request, runId: id })),
      revision: 1,
      ...tampered,
    });
    for (const [position, { id: stepId, name, type }] of steps.entries()) {
      await tx.manager.insert(RunStepEntity, {
        organizationId,
        runId: id,
        position,
        stepId,
        name,
        type,
        state: 'PENDING',
      });
    }
    await tx.manager.insert(ActiveRunEntity, { organizationId, runId: id, leaseUntil: 0 });
  });
  runQueue.announce({ organizationId, runId: id });
  return id;
}

export interface EndedRun {
  readonly state: string;
  readonly error: RunError | null;
  readonly input: JsonValue;
  readonly steps: readonly {
    readonly state: string;
    readonly output: JsonValue;
    readonly logs: readonly RunLogLine[] | null;
    readonly error: RunError | null;
    readonly receipt: readonly RunRedaction[] | null;
  }[];
}

export async function runOf(api: TestApi, organizationId: OrganizationId, id: RunId): Promise<EndedRun> {
  const { database } = api.services;
  const parsed = (column: string | null) => (column === null ? null : JSON.parse(column));
  const run = await database.read(RunEntity, { organizationId, id });
  const rows = await database.readAll(RunStepEntity, { organizationId, runId: id });
  if (run === null) throw new Error('there is no such run');
  return {
    state: run.state,
    error: parsed(run.error),
    input: parsed(run.input),
    steps: rows
      .sort((a, b) => a.position - b.position)
      .map(({ state, output, logs, error, receipt }) => ({
        state,
        output: parsed(output),
        logs: parsed(logs),
        error: parsed(error),
        receipt: parsed(receipt),
      })),
  };
}

/** Waits until the run has ended, and tells what is left of it. */
export async function untilEnded(api: TestApi, organizationId: OrganizationId, id: RunId): Promise<EndedRun> {
  for (;;) {
    const run = await runOf(api, organizationId, id);
    if (run.state !== 'QUEUED' && run.state !== 'RUNNING') return run;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
