import { expect } from 'chai';
import { createClient } from 'graphql-sse';
import { type Client, newTeam, startTestApi, type TestApi } from '../../support/api.js';
import { openStream, streamUrl } from '../../support/event-stream.js';
import { untilEnded } from '../../support/queued-runs.js';
import { startTestRunner } from '../../support/runner.js';
import { cancelRun, startRun, workflowRun, workflowRunChanged, writeRun } from '../../support/runs.js';
import { createWorkflow } from '../../support/workflows.js';

const complete = { event: 'complete', data: null };

describe('workflowRunChanged', () => {
  it('tells of a run as it is, again after each change, and completes after its end, over plain fetch', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await startRun(bob);
    const shown = async () => {
      const data = await bob.data(workflowRun, { id });
      return { event: 'next', data: { data: { workflowRunChanged: data.workflowRun } } };
    };
    const stream = await openStream(bob, workflowRunChanged, { id });
    const { status, headers } = stream.response;
    expect([status, headers.get('content-type'), headers.get('cache-control')]).to.deep.equal([
      200,
      'text/event-stream; charset=utf-8',
      'no-store',
    ]);
    expect(await stream.next()).to.deep.equal(await shown());
    await writeRun(team, id, { state: 'RUNNING', startedAt: 1_000 }, [{ state: 'RUNNING', startedAt: 1_000 }]);
    expect(await stream.next()).to.deep.equal(await shown());
    const ended = { state: 'SUCCEEDED', finishedAt: 2_000 } as const;
    await writeRun(team, id, ended, [{ ...ended, output: '[1]' }]);
    expect(await stream.rest()).to.deep.equal([await shown(), complete]);
  });

  it('tells of a run that has ended once', async () => {
    const { bob } = await newTeam();
    const id = await startRun(bob);
    await bob.data(cancelRun, { input: { id } });
    const { workflowRun: run } = await bob.data(workflowRun, { id });
    const stream = await openStream(bob, workflowRunChanged, { id });
    expect(await stream.rest()).to.deep.equal([
      { event: 'next', data: { data: { workflowRunChanged: run } } },
      complete,
    ]);
  });

  it('leaves out an answer that equals the one before it', async () => {
    const team = await newTeam();
    const id = await startRun(team.bob);
    const stream = await openStream(team.bob, 'subscription ($id: ID!) { workflowRunChanged(id: $id) { state } }', {
      id,
    });
    const next = (state: string) => ({ event: 'next', data: { data: { workflowRunChanged: { state } } } });
    expect(await stream.next()).to.deep.equal(next('QUEUED'));
    await writeRun(team, id, { state: 'RUNNING', startedAt: 1 });
    expect(await stream.next()).to.deep.equal(next('RUNNING'));
    const revisions = await openStream(
      team.bob,
      'subscription ($id: ID!) { workflowRunChanged(id: $id) { revision } }',
      {
        id,
      },
    );
    await revisions.next();
    await team.bob.data(cancelRun, { input: { id } });
    expect((await revisions.next())?.data.data).to.deep.equal({ workflowRunChanged: { revision: 3 } });
    revisions.leave();
    await writeRun(team, id, { state: 'CANCELLED', finishedAt: 2 });
    expect(await stream.rest()).to.deep.equal([next('CANCELLED'), complete]);
  });

  it('shows each who listens to the same run what they may see of it', async () => {
    const team = await newTeam();
    const id = await startRun(team.bob, { input: { city: 'Bern' } });
    const query = 'subscription ($id: ID!) { workflowRunChanged(id: $id) { state input } }';
    const streams = [await openStream(team.bob, query, { id }), await openStream(team.carol, query, { id })];
    for (const stream of streams) await stream.next();
    await writeRun(team, id, { state: 'SUCCEEDED', finishedAt: 1 });
    expect(await Promise.all(streams.map((stream) => stream.rest()))).to.deep.equal(
      [{ city: 'Bern' }, null].map((input) => [
        { event: 'next', data: { data: { workflowRunChanged: { state: 'SUCCEEDED', input } } } },
        complete,
      ]),
    );
  });

  describe('with a runner', () => {
    let api: TestApi;
    before(async () => {
      api = await startTestApi();
    });
    after(() => api.close());

    it('brings the result of a run to the graphql-sse client', async () => {
      const { organizationId, bob } = await newTeam(api);
      const code = 'console.log(city); return city.length;';
      const variables = [{ name: 'city', value: '{{ input.city }}' }];
      const { id: workflowId } = await createWorkflow(bob, [{ runCode: { name: 'count', code, variables } }]);
      const id = await startRun(bob, { workflowId, input: { city: 'Bern' } });
      const states = statesSeen(bob, id);
      const runner = await startTestRunner(api);
      try {
        const seen = await states;
        expect((await untilEnded(api, organizationId, id)).state).to.equal('SUCCEEDED');
        expect(seen.at(-1)).to.deep.equal({
          state: 'SUCCEEDED',
          steps: [{ state: 'SUCCEEDED', output: 4, logs: [{ level: 'INFO', text: 'Bern' }] }],
        });
        expect(seen[0]).to.deep.equal({ state: 'QUEUED', steps: [{ state: 'PENDING', output: null, logs: [] }] });
      } finally {
        await runner.close();
      }
    });
  });
});

/** What the client of graphql-sse, in its mode of one connection each, gets until the subscription completes. */
async function statesSeen(client: Client, id: string): Promise<unknown[]> {
  const sse = createClient({
    url: streamUrl(client),
    headers: { authorization: `Bearer ${client.token}` },
    retryAttempts: 0,
  });
  const query =
    'subscription ($id: ID!) { workflowRunChanged(id: $id) { state steps { state output logs { level text } } } }';
  const seen: unknown[] = [];
  for await (const { data, errors } of sse.iterate<{ workflowRunChanged: unknown }>({ query, variables: { id } })) {
    expect(errors).to.equal(undefined);
    seen.push(data?.workflowRunChanged);
  }
  sse.dispose();
  return seen;
}
