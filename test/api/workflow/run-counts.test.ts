import { expect } from 'chai';
import { purgeRuns } from '../../../src/modules/run/purge-runs.js';
import type { RunState } from '../../../src/modules/run/run.entity.js';
import { newTeam, startTestApi, type Team, type TestApi } from '../../support/api.js';
import { startRun, stepWithCode, writeRun } from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

const dayLength = 24 * 60 * 60 * 1000;
const today = Math.floor(Date.now() / dayLength) * dayLength;
const query = `query ($id: ID!, $since: DateTime) {
  workflow(id: $id) { runCounts(since: $since) { day state count } }
}`;

describe('the counts of the runs of a workflow', () => {
  // A purge goes over every organization.
  let api: TestApi;
  let team: Team;
  before(async () => {
    api = await startTestApi();
    team = await newTeam(api);
  });
  after(() => api.close());

  const endedAt = async (workflowId: string, state: RunState, finishedAt: number): Promise<void> => {
    await writeRun(team, await startRun(team.bob, { workflowId }), { state, startedAt: 1, finishedAt });
  };
  const counted = async (caller: Team['bob'], id: string, since?: number) => {
    const from = since === undefined ? undefined : new Date(since).toISOString();
    const { workflow } = await caller.data(query, { id, since: from });
    return workflow.runCounts.map(({ day, state, count }: { day: string; state: string; count: number }) => [
      (Date.parse(day) - today) / dayLength,
      state,
      count,
    ]);
  };

  it('are the same for everyone before a purge, after it and while runs come on, and are of no other workflow', async () => {
    const { id } = await createWorkflow(team.bob, [stepWithCode()]);
    const { id: other } = await createWorkflow(team.bob, [stepWithCode()]);
    const { alice, bob, carol, dave, deployBot } = team;
    for (const [state, day] of [
      ['SUCCEEDED', -8],
      ['FAILED', -8],
      ['SUCCEEDED', -8],
      ['SUCCEEDED', -1],
    ] as const) {
      await endedAt(id, state, today + day * dayLength + 1);
    }
    await endedAt(other, 'SUCCEEDED', today - 8 * dayLength);
    await startRun(bob, { workflowId: id });
    const counts = [
      [-8, 'FAILED', 1],
      [-8, 'SUCCEEDED', 2],
      [-1, 'SUCCEEDED', 1],
    ];
    for (const caller of [alice, bob, carol, dave, deployBot]) {
      expect([caller.name, await counted(caller, id)]).to.deep.equal([caller.name, counts]);
    }
    expect(await purgeRuns(api.services.database, 7, Date.now())).to.equal(4);
    expect(await counted(dave, id)).to.deep.equal(counts);
    await endedAt(id, 'SUCCEEDED', today - 8 * dayLength);
    expect(await counted(dave, id)).to.deep.equal([counts[0], [-8, 'SUCCEEDED', 3], counts[2]]);
  });

  it('are those of thirty days, or of a year from the day that is asked for', async () => {
    const { id } = await createWorkflow(team.bob, [stepWithCode()]);
    for (const day of [-400, -400 + 365, -400 + 366, -31, -30, 0]) {
      await endedAt(id, 'SUCCEEDED', today + day * dayLength);
    }
    const days = async (since?: number) => (await counted(team.dave, id, since)).map(([day]: readonly [number]) => day);
    expect(await days()).to.deep.equal([-30, 0]);
    expect(await days(today - 400 * dayLength + 5)).to.deep.equal([-400, -35]);
    expect(await days(today - 399 * dayLength)).to.deep.equal([-35, -34]);
    expect(await days(today + dayLength)).to.deep.equal([]);
  });

  it('are counted for many workflows at once', async () => {
    const ids = await Promise.all([1, 2, 3].map(async () => (await createWorkflow(team.bob, [stepWithCode()])).id));
    for (const [index, id] of ids.entries()) {
      for (let run = 0; run <= index; run += 1) await endedAt(id, 'CANCELLED', today - dayLength);
    }
    const fields = 'runCounts { state count } year: runCounts(since: "2020-01-01T00:00:00Z") { count }';
    const data = await team.dave.data(
      `{ ${ids.map((id, index) => `w${index}: workflow(id: "${id}") { ${fields} }`)} }`,
    );
    expect(data).to.deep.equal(
      Object.fromEntries(
        ids.map((_, index) => [`w${index}`, { runCounts: [{ state: 'CANCELLED', count: index + 1 }], year: [] }]),
      ),
    );
  });
});
