import { expect } from 'chai';
import { type Client, newTeam, type Team } from '../../support/api.js';
import { startRun, workflowRun, writeRun } from '../../support/runs.js';
import { createKey } from '../../support/secret-keys.js';
import { deleteWorkflow } from '../../support/workflow-operations.js';
import { createWorkflow, requestInput } from '../../support/workflows.js';

const instant = (milliseconds: number) => new Date(milliseconds).toISOString();

/** A run by carol of bob's workflow with carol's key, which failed and brought something back; and how it looks to carol. */
async function failedRun(team: Team) {
  const { bob, carol, deployBot } = team;
  const grants = [bob, deployBot].map(({ id }) => ({ granteeId: id, permission: 'USE' as const }));
  const key = await createKey(carol, { grants });
  const workflow = await createWorkflow(bob, [requestInput({}, key)]);
  const input = { city: 'Bern' };
  const id = await startRun(carol, { workflowId: workflow.id, input });
  const error = {
    code: 'UNEXPECTED_STATUS',
    message: 'The answer has the status 500.',
    secretKeyId: key,
    field: 'expectStatus',
    line: null,
  };
  const times = { startedAt: 1_000, finishedAt: 1_250 };
  const redaction = { origin: 'VALUE', place: 'OUTPUT', at: '$.body', encoding: 'base64', count: 2 };
  await writeRun(team, id, { state: 'FAILED', ...times, error: JSON.stringify(error) }, [
    {
      state: 'FAILED',
      ...times,
      output: JSON.stringify({ status: 500 }),
      logs: JSON.stringify([{ level: 'warn', text: 'a line' }]),
      error: JSON.stringify(error),
      receipt: JSON.stringify([{ secretKeyId: key, ...redaction }]),
    },
  ]);
  const { secretKeyId: _, ...rest } = error;
  const shownError = { ...rest, secretKey: { id: key } };
  const shownTimes = { startedAt: instant(1_000), finishedAt: instant(1_250), durationMs: 250 };
  const { workflowRun: shown } = await carol.data(workflowRun, { id });
  const whole = {
    id,
    kind: 'WORKFLOW',
    state: 'FAILED',
    revision: 2,
    workflow: workflow as object | null,
    workflowVersion: 1,
    startedBy: { id: carol.id, kind: 'PERSON', name: 'Carol' },
    queuedAt: shown.queuedAt,
    ...shownTimes,
    input: input as object | null,
    error: shownError,
    stepCount: 1,
    viewerCan: [],
    steps: [
      {
        id: shown.steps[0].id,
        name: 'send',
        type: 'SEND_API_REQUEST',
        state: 'FAILED',
        ...shownTimes,
        output: { status: 500 },
        logs: [{ level: 'WARN', text: 'a line' }],
        error: shownError,
        receipt: [{ secretKey: { id: key } as object | null, ...redaction }],
      },
    ],
  };
  return { id, key, workflow, whole };
}

type Shown = Awaited<ReturnType<typeof failedRun>>['whole'];

/** What of it everyone sees. */
function masked(whole: Shown, seesKey: boolean) {
  const error = { code: whole.error.code, message: null, secretKey: null, field: null, line: null };
  const step = whole.steps[0];
  const receipt = step?.receipt.map((redaction) => ({
    ...redaction,
    at: null,
    secretKey: seesKey ? redaction.secretKey : null,
  }));
  return { ...whole, input: null, error, steps: [{ ...step, output: null, logs: null, error, receipt }] };
}

const seenBy = async (client: Client, id: string) => (await client.data(workflowRun, { id })).workflowRun;

describe('workflowRun', () => {
  it('shows everything to who started it, to who created the workflow and to administrators', async () => {
    const team = await newTeam();
    const { id, whole } = await failedRun(team);
    for (const caller of [team.carol, team.bob, team.alice]) {
      expect([caller.name, await seenBy(caller, id)]).to.deep.equal([caller.name, whole]);
    }
  });

  it('shows everyone else how it went and what had to be masked, and no word of what went in or came out', async () => {
    const team = await newTeam();
    const { id, whole } = await failedRun(team);
    expect(await seenBy(team.dave, id)).to.deep.equal(masked(whole, true));
    expect(await seenBy(team.deployBot, id)).to.deep.equal(masked(whole, true));
  });

  it('names a key only to those who may see it, and one that is gone to nobody', async () => {
    const team = await newTeam();
    const { api, organizationId, bob, carol } = team;
    const { id, key, whole } = await failedRun(team);
    const nameless = {
      ...whole,
      error: { ...whole.error, secretKey: null },
      steps: whole.steps.map((step) => ({
        ...step,
        error: { ...step.error, secretKey: null },
        receipt: step.receipt.map((redaction) => ({ ...redaction, secretKey: null })),
      })),
    };
    await carol.data(
      'mutation ($input: SetSecretAccessInput!) { setSecretAccess(input: $input) { secretKey { id } } }',
      { input: { id: key, level: 'RESTRICTED', grants: [{ granteeId: carol.id, permission: 'MANAGE' }] } },
    );
    expect(await seenBy(bob, id)).to.deep.equal(nameless);
    expect(await seenBy(team.deployBot, id)).to.deep.equal(masked(whole, false));
    expect(await seenBy(carol, id)).to.deep.equal(whole);
    await api.services.database.transaction((tx) =>
      tx.query('UPDATE secret_key SET deleted_at = 1 WHERE organization_id = ? AND id = ?', [organizationId, key]),
    );
    expect(await seenBy(carol, id)).to.deep.equal(nameless);
  });

  it('stays when its workflow is deleted, and is still for who created that', async () => {
    const team = await newTeam();
    const { id, workflow, whole } = await failedRun(team);
    await team.bob.data(deleteWorkflow, { input: { id: workflow.id } });
    for (const caller of [team.carol, team.bob]) {
      expect(await seenBy(caller, id)).to.deep.equal({ ...whole, workflow: null });
    }
  });
});
