/** A run as the api signed it: what was asked for, by whom, and the steps of the version that it names. */
import type { Reading } from '../database/database.js';
import type { GranteeId, OrganizationId, RunId, WorkflowId } from '../ids.js';
import { RunEntity } from '../modules/run/run.entity.js';
import type { RunInput } from '../modules/run/run-input.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import { WorkflowVersionEntity } from '../modules/workflow/workflow.entity.js';
import { runRequestDocument, workflowVersionDocument } from '../vault/documents.js';
import type { WriterVerifier } from '../vault/sign.js';
import type { ClaimedRun } from './claim-run.js';
import { notVerified, RunFailure } from './run-failure.js';

export interface VerifiedRun {
  readonly organizationId: OrganizationId;
  readonly id: RunId;
  readonly workflowId: WorkflowId | null;
  readonly workflowVersion: number | null;
  readonly startedById: GranteeId;
  readonly steps: readonly StepDefinition[];
  readonly input: RunInput;
}

/** A request that is older is not acted on, in milliseconds: one that somebody kept cannot be brought back long after. */
const longestWait = 24 * 60 * 60_000;

/** Throws NOT_VERIFIED when the request or the steps are not what the api wrote, and WAITED_TOO_LONG for a request of more than a day ago. */
export async function verifiedRun(
  reading: Reading,
  verifier: WriterVerifier,
  { organizationId, id }: ClaimedRun,
  now: number,
): Promise<VerifiedRun> {
  const run = await reading.manager.findOneBy(RunEntity, { organizationId, id });
  if (run === null || !verifier.verify(runRequestDocument({ ...run, runId: id }), run.signature)) throw notVerified();
  if (now - run.queuedAt > longestWait) {
    throw new RunFailure('WAITED_TOO_LONG', 'The run waited for a runner for longer than a day, so it was not begun.');
  }
  const { workflowId, workflowVersion, startedById } = run;
  const steps = run.steps ?? (await verifiedSteps(reading, verifier, run));
  return {
    organizationId,
    id,
    workflowId,
    workflowVersion,
    startedById,
    steps: JSON.parse(steps) as StepDefinition[],
    input: JSON.parse(run.input) as RunInput,
  };
}

async function verifiedSteps(reading: Reading, verifier: WriterVerifier, run: RunEntity): Promise<string> {
  const { organizationId, workflowId, workflowVersion } = run;
  if (workflowId === null || workflowVersion === null) throw notVerified();
  const where = { organizationId, workflowId, version: workflowVersion };
  const saved = await reading.manager.findOneBy(WorkflowVersionEntity, where);
  if (saved === null || !verifier.verify(workflowVersionDocument(saved), saved.signature)) throw notVerified();
  return saved.steps;
}
