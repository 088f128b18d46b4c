import { expect } from 'chai';
import type { RunId } from '../../../src/ids.js';
import { purgeRuns } from '../../../src/modules/run/purge-runs.js';
import type { RunState } from '../../../src/modules/run/run.entity.js';
import { newTeam, startTestApi, type Team, type TestApi } from '../../support/api.js';
import { codeStep, queueRun } from '../../support/queued-runs.js';
import { runRows, startRun, stepWithCode, writeRun } from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

const day = 24 * 60 * 60 * 1000;
const now = 20_000 * day + day / 2;

describe('the purge of runs', () => {
  // It goes over every organization, so it has an api of its own.
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  const endedAt = async (team: Team, state: RunState, finishedAt: number, workflowId?: string): Promise<RunId> => {
    const { organizationId, bob } = team;
    const id =
      workflowId === undefined
        ? await queueRun(api, organizationId, bob.id, [codeStep(bob.id, 'return 1;')])
        : await startRun(bob, { workflowId });
    await writeRun(team, id, { state, finishedAt }, [{ state: 'SUCCEEDED', output: '"canary"' }]);
    return id;
  };
  const purge = (days: number) => purgeRuns(api.services.database, days, now);
  const left = async (team: Team) => {
    const [runs = [], steps = []] = await runRows(team);
    return { runs: runs.map(({ id }) => id), steps: steps.map(({ run_id: id }) => id) };
  };
  const tallies = async ({ organizationId }: Team) => {
    const rows = await api.services.database.query(
      'SELECT workflow_id, day, state, run_count FROM run_tally WHERE organization_id = ? ORDER BY day, workflow_id, state',
      [organizationId],
    );
    return rows.map((row) => [row.workflow_id, Number(row.day) / day, row.state, Number(row.run_count)]);
  };

  it('erases what ended before the retention time, with its steps, and keeps what did not or has not ended', async () => {
    const team = await newTeam(api);
    await endedAt(team, 'SUCCEEDED', now - 30 * day);
    const kept = [
      await endedAt(team, 'SUCCEEDED', now - 30 * day + 1),
      await startRun(team.bob),
      await startRun(team.bob),
    ];
    await writeRun(team, kept[2] as RunId, { state: 'RUNNING', startedAt: 1 });
    expect(await purge(30)).to.equal(1);
    expect(await left(team)).to.deep.equal({ runs: kept, steps: kept });
    expect(await purge(30)).to.equal(0);
    expect(await purge(0)).to.equal(1);
    expect(await left(team)).to.deep.equal({ runs: kept.slice(1), steps: kept.slice(1) });
  });

  it('keeps how many runs of each workflow ended on each day in each state, also over several purges', async () => {
    const team = await newTeam(api);
    const { id: workflowId } = await createWorkflow(team.bob, [stepWithCode()]);
    await endedAt(team, 'SUCCEEDED', now - 2 * day, workflowId);
    await endedAt(team, 'SUCCEEDED', now - 2 * day - day / 2, workflowId);
    await endedAt(team, 'SUCCEEDED', now - 2 * day - day / 2 - 1, workflowId);
    await endedAt(team, 'FAILED', now - 2 * day, workflowId);
    await endedAt(team, 'CANCELLED', now - 2 * day);
    await endedAt(team, 'SUCCEEDED', now - day - day / 2 - 1, workflowId);
    const other = await newTeam(api);
    await endedAt(other, 'INTERRUPTED', now - 3 * day);

    expect(await purge(2)).to.equal(6);
    const before = [
      [workflowId, 19_997, 'SUCCEEDED', 1],
      ['', 19_998, 'CANCELLED', 1],
      [workflowId, 19_998, 'FAILED', 1],
    ];
    expect(await tallies(team)).to.deep.equal([...before, [workflowId, 19_998, 'SUCCEEDED', 2]]);
    expect(await tallies(other)).to.deep.equal([['', 19_997, 'INTERRUPTED', 1]]);
    expect(await purge(1)).to.equal(1);
    expect(await tallies(team)).to.deep.equal([...before, [workflowId, 19_998, 'SUCCEEDED', 3]]);
  });

  it('counts each run once when several processes purge at once', async () => {
    const team = await newTeam(api);
    for (let count = 0; count < 8; count += 1) await endedAt(team, 'SUCCEEDED', now - 5 * day);
    const purged = await Promise.all([purge(1), purge(1), purge(1)]);
    expect(purged.reduce((sum, count) => sum + count, 0)).to.equal(8);
    expect(await left(team)).to.deep.equal({ runs: [], steps: [] });
    expect(await tallies(team)).to.deep.equal([['', 19_995, 'SUCCEEDED', 8]]);
  });
});
