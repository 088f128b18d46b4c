import { expect } from 'chai';
import { type Client, newTeam, type Team } from '../../support/api.js';
import { walk } from '../../support/pages.js';
import { startRun, stepWithCode, testAction, workflowRuns, writeRun } from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

const found = async (client: Client, filter: object | null): Promise<{ ids: string[]; total: number }> => {
  const { workflowRuns: list } = await client.data(workflowRuns, { filter });
  return { ids: list.nodes.map(({ id }: { id: string }) => id), total: list.totalCount };
};

async function startMany({ bob }: Team, count: number) {
  const { id: workflowId } = await createWorkflow(bob, [stepWithCode()]);
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.unshift(await startRun(bob, { workflowId }));
  return ids;
}

describe('workflowRuns', () => {
  it('gives the runs of the organization to everyone in it, the latest first, and nobody else’s', async () => {
    const team = await newTeam();
    expect(await found(team.bob, null)).to.deep.equal({ ids: [], total: 0 });
    await startRun(team.stranger);
    const ids = [await startRun(team.bob), await startRun(team.deployBot), await startRun(team.alice)].reverse();
    for (const caller of [team.alice, team.bob, team.carol, team.dave, team.deployBot]) {
      expect(await found(caller, null)).to.deep.equal({ ids, total: 3 });
    }
  });

  it('narrows by workflow, state, starter and kind, each alone and all together', async () => {
    const team = await newTeam();
    const { bob, carol } = team;
    const { id: workflowId } = await createWorkflow(bob, [stepWithCode()]);
    const waiting = await startRun(bob, { workflowId });
    const failed = await startRun(carol, { workflowId });
    await writeRun(team, failed, { state: 'FAILED', startedAt: 1, finishedAt: 2 });
    const running = await startRun(carol);
    await writeRun(team, running, { state: 'RUNNING', startedAt: 1 });
    const tested = (await bob.data(testAction, { input: { workflowId, step: stepWithCode() } })).testAction.run.id;
    for (const [filter, ids] of [
      [{}, [tested, running, failed, waiting]],
      [{ workflowId }, [tested, failed, waiting]],
      [{ states: ['QUEUED'] }, [tested, waiting]],
      [{ states: ['RUNNING', 'FAILED', 'RUNNING'] }, [running, failed]],
      [{ states: ['SUCCEEDED'] }, []],
      [{ states: [] }, []],
      [{ startedByMe: true }, [tested, waiting]],
      [{ startedByMe: false }, [tested, running, failed, waiting]],
      [{ kind: 'TEST' }, [tested]],
      [{ kind: 'WORKFLOW', states: ['QUEUED', 'FAILED'] }, [failed, waiting]],
      [{ startedByMe: true, states: ['QUEUED'], kind: 'WORKFLOW' }, [waiting]],
      [{ workflowId, startedByMe: true, states: ['QUEUED', 'FAILED'], kind: 'TEST' }, [tested]],
      [{ workflowId, states: [] }, []],
      [{ workflowId: null, states: null, startedByMe: null, kind: null }, [tested, running, failed, waiting]],
    ] as const) {
      expect([filter, await found(bob, filter)]).to.deep.equal([filter, { ids, total: ids.length }]);
    }
  });

  it('pages both ways, by every index, and gives each run once', async () => {
    const team = await newTeam();
    const nodes = (await startMany(team, 7)).map((id) => ({ id }));
    for (const filter of [null, { startedByMe: true }, { states: ['QUEUED', 'FAILED'] }]) {
      for (const direction of ['forward', 'backward'] as const) {
        expect(await walk(team.bob, workflowRuns, direction, 3, { filter })).to.deep.equal(nodes);
      }
    }
  });

  it('is the list of one workflow on the workflow, tests of its steps among them', async () => {
    const team = await newTeam();
    const { id } = await createWorkflow(team.bob, [stepWithCode()]);
    await startRun(team.bob);
    const first = await startRun(team.carol, { workflowId: id });
    const { testAction: tested } = await team.bob.data(testAction, { input: { workflowId: id, step: stepWithCode() } });
    const query = 'query ($id: ID!) { workflow(id: $id) { runs(first: 5) { nodes { id kind } totalCount } } }';
    expect(await team.dave.data(query, { id })).to.deep.equal({
      workflow: {
        runs: {
          nodes: [
            { id: tested.run.id, kind: 'TEST' },
            { id: first, kind: 'WORKFLOW' },
          ],
          totalCount: 2,
        },
      },
    });
  });
});
