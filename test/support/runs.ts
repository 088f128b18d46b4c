/** Runs in tests of the API: the documents of their operations, and rows as a runner leaves them. */
import { expect } from 'chai';
import type { AuditBody } from '../../src/audit/audit-log.js';
import type { Row } from '../../src/database/database.js';
import { newId, type RunId } from '../../src/ids.js';
import { RunEntity, RunStepEntity } from '../../src/modules/run/run.entity.js';
import { runRequestDocument } from '../../src/vault/documents.js';
import { type Answer, type Client, newTeam, type Team } from './api.js';
import { comparable } from './refusals.js';
import { unchanged } from './stored.js';
import { createWorkflow } from './workflows.js';

const run = `fragment Run on WorkflowRun {
  id kind state revision workflow { id name } workflowVersion startedBy { id kind name }
  queuedAt startedAt finishedAt durationMs input error { ...RunError } stepCount viewerCan
  steps {
    id name type state startedAt finishedAt durationMs output logs { level text } error { ...RunError }
    receipt { secretKey { id } origin place at encoding count }
  }
}
fragment RunError on WorkflowRunError { code message secretKey { id } field line }`;

const mutation = (operation: string, input: string): string =>
  `mutation ($input: ${input}!) { ${operation}(input: $input) { run { ...Run } } } ${run}`;

export const runWorkflow = mutation('runWorkflow', 'RunWorkflowInput');
export const testAction = mutation('testAction', 'TestActionInput');
export const cancelRun = mutation('cancelRun', 'CancelRunInput');

export const workflowRun = `query ($id: ID!) { workflowRun(id: $id) { ...Run } } ${run}`;
export const workflowRunChanged = `subscription ($id: ID!) { workflowRunChanged(id: $id) { ...Run } } ${run}`;
const page =
  'nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount totalCountIsCapped';
export const workflowRuns = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: WorkflowRunFilter) {
  workflowRuns(first: $first, after: $after, last: $last, before: $before, filter: $filter) { ${page} }
}`;

/** The input of a step that runs code without a key. */
export const stepWithCode = (name = 'count', code = 'return 1;') => ({ runCode: { name, code } });

/** Creates a workflow as `client`, of one step that runs code unless told otherwise, and starts it. */
export async function startRun(
  client: Client,
  options: { readonly workflowId?: string; readonly input?: object } = {},
): Promise<RunId> {
  const { workflowId = (await createWorkflow(client, [stepWithCode()])).id, input = {} } = options;
  const data = await client.data(runWorkflow, { input: { workflowId, input } });
  return data.runWorkflow.run.id;
}

type Place = Pick<Team, 'api' | 'organizationId'>;

/** Writes a run and its steps, the first of `steps` into the first, as a runner does: with the next revision. */
export async function writeRun(
  { api, organizationId }: Place,
  id: RunId,
  change: Partial<RunEntity>,
  steps: readonly Partial<RunStepEntity>[] = [],
): Promise<void> {
  await api.services.database.transaction(async (tx) => {
    const where = { organizationId, id };
    const before = await tx.manager.findOneOrFail(RunEntity, { where });
    await tx.manager.update(RunEntity, where, { ...change, revision: before.revision + 1 });
    for (const [position, step] of steps.entries()) {
      await tx.manager.update(RunStepEntity, { organizationId, runId: id, position }, step);
    }
    const isActive = change.state === undefined || change.state === 'RUNNING';
    const statement = isActive
      ? 'UPDATE active_run SET lease_until = 4102444800000 WHERE organization_id = ? AND run_id = ?'
      : 'DELETE FROM active_run WHERE organization_id = ? AND run_id = ?';
    await tx.query(statement, [organizationId, id]);
  });
}

/** Every row of the organization's runs. */
export async function runRows({ api, organizationId }: Place): Promise<Row[][]> {
  const { database } = api.services;
  return Promise.all(
    ['workflow_run', 'workflow_run_step', 'active_run'].map((table) =>
      database.query(`SELECT * FROM ${table} WHERE organization_id = ? ORDER BY 1, 2, 3`, [organizationId]),
    ),
  );
}

/** What `work` gives, after a proof that it changed no run, no key and nobody, and recorded nothing. */
export async function unchangedRuns<Result>(place: Place, work: () => Promise<Result>): Promise<Result> {
  return unchanged(place, async () => {
    const before = await runRows(place);
    const result = await work();
    expect(await runRows(place)).to.deep.equal(before);
    return result;
  });
}

/** What the audit log tells of runs, the oldest first. */
export async function recordedRunEvents({ api, organizationId }: Place) {
  const rows = await api.services.database.query(
    'SELECT body FROM audit_event WHERE organization_id = ? ORDER BY sequence',
    [organizationId],
  );
  return rows
    .map(({ body }) => JSON.parse(String(body)) as AuditBody)
    .filter(({ type }) => /^workflow\.(?:run|action)/.test(type))
    .map(({ type, actor, subject, details }) => ({ type, actor: actor?.name ?? null, subject, details }));
}

/** The body of an answer without the locations in the document. */
export const bodyOf = ({ text }: Answer): unknown =>
  JSON.parse(text, (name, value) => (name === 'locations' ? undefined : value));

/** @param answer the body, without the locations in the document. */
export function itFindsNoRun(query: string, variables: (id: string) => Record<string, unknown>, answer: unknown): void {
  it('answers alike, byte for byte, for a run that is absent or foreign and for an id that is malformed', async () => {
    const team = await newTeam();
    const own = await startRun(team.bob);
    const workflow = await createWorkflow(team.bob, [stepWithCode()]);
    const foreign = await startRun(team.stranger);
    const ids = [newId(), foreign, workflow.id, own.toUpperCase(), `${own} `, 'not-an-id', ''];
    for (const caller of [team.bob, team.alice]) {
      const answers: Answer[] = [];
      for (const id of ids) answers.push(await unchangedRuns(team, () => caller.ask(query, variables(id))));
      const [first, ...others] = answers.map(comparable);
      for (const other of others) expect(other).to.deep.equal(first);
      expect(answers.map(bodyOf)[0]).to.deep.equal(answer);
    }
  });
}

/** How a run looks that waits, of one step, to whoever started it. */
export const waitingRun = (
  shown: { readonly id: string; readonly queuedAt: string; readonly steps: readonly { readonly id: string }[] },
  starter: Client,
  change: Record<string, unknown>,
  step: Record<string, unknown> = {},
) => ({
  id: shown.id,
  kind: 'WORKFLOW',
  state: 'QUEUED',
  revision: 1,
  workflow: null,
  workflowVersion: null,
  startedBy: { id: starter.id, kind: 'PERSON', name: starter.name },
  queuedAt: shown.queuedAt,
  startedAt: null,
  finishedAt: null,
  durationMs: null,
  input: {},
  error: null,
  stepCount: 1,
  viewerCan: ['CANCEL'],
  ...change,
  steps: [
    {
      id: shown.steps[0]?.id,
      name: 'count',
      type: 'RUN_CODE',
      state: 'PENDING',
      startedAt: null,
      finishedAt: null,
      durationMs: null,
      output: null,
      logs: [],
      error: null,
      receipt: [],
      ...step,
    },
  ],
});

/** The run's row, after a proof that the writer signed the request that it states and that it waits for a runner. */
export async function signedRun({ api, organizationId }: Place, id: RunId) {
  const { database, writer } = api.services;
  const run = await database.read(RunEntity, { organizationId, id });
  if (run === null) throw new Error('there is no such run');
  const { workflowId, workflowVersion, steps, input, startedById, queuedAt, signature } = run;
  const request = { organizationId, runId: id, workflowId, workflowVersion, steps, input, startedById, queuedAt };
  expect(writer.verifier.verify(runRequestDocument(request), signature)).to.equal(true);
  const active = await database.query('SELECT lease_until FROM active_run WHERE organization_id = ? AND run_id = ?', [
    organizationId,
    id,
  ]);
  expect(active.map(({ lease_until: lease }) => Number(lease))).to.deep.equal([0]);
  return { workflowId, workflowVersion, steps: steps === null ? null : JSON.parse(steps), input, startedById };
}
