import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { openStream, streamUrl } from '../../support/event-stream.js';
import { bodyOf, cancelRun, startRun, unchangedRuns, workflowRun, workflowRunChanged } from '../../support/runs.js';

const complete = { event: 'complete', data: null };
const refused = (message: string) => ({ errors: [{ message, extensions: { code: 'BAD_USER_INPUT' } }] });

describe('workflowRunChanged with bad input', () => {
  it('names the argument that is wrong', async () => {
    const { bob } = await newTeam();
    for (const [variables, message] of [
      [{}, 'is required'],
      [{ id: ['canary'] }, 'has the wrong type'],
    ] as const) {
      const [answer, ...rest] = await (await openStream(bob, workflowRunChanged, variables)).rest();
      expect(answer?.data.errors.map((error: { extensions: unknown }) => error.extensions)).to.deep.equal([
        { code: 'BAD_USER_INPUT', fields: [{ field: 'id', message }] },
      ]);
      expect(rest).to.deep.equal([complete]);
    }
  });

  it('is not answered where queries are, nor a query or a mutation where it is', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await startRun(bob);
    expect(bodyOf(await bob.ask(workflowRunChanged, { id }))).to.deep.equal(
      refused('Subscriptions are sent to /graphql/stream.'),
    );
    for (const [query, variables] of [
      [workflowRun, { id }],
      [cancelRun, { input: { id } }],
    ] as const) {
      const stream = await unchangedRuns(team, () => openStream(bob, query, variables));
      expect(await stream.rest()).to.deep.equal([
        { event: 'next', data: refused('Only subscriptions are sent here.') },
        complete,
      ]);
    }
  });

  it('passes the same validation and limits as any operation', async () => {
    const { bob } = await newTeam();
    const aliases = Array.from({ length: 2 }, (_, index) => `a${index}: workflowRunChanged(id: "x") { id }`).join(' ');
    for (const query of [`subscription { ${aliases} }`, 'subscription { nothing }', 'subscription {']) {
      const [answer, ...rest] = await (await openStream(bob, query)).rest();
      expect([Object.keys(answer?.data), rest]).to.deep.equal([['errors'], [complete]]);
    }
  });

  it('asks for its field always, and logs no failure where it does not', async () => {
    const { api, bob } = await newTeam();
    const id = await startRun(bob);
    const root = `workflowRunChanged(id: "${id}")`;
    const logged = api.log.length;
    for (const query of [
      `subscription { ${root} @skip(if: true) { state } }`,
      `subscription { ... @skip(if: true) { ${root} { state } } }`,
      `subscription { ...F @include(if: false) } fragment F on Subscription { ${root} { state } }`,
      `subscription { ...F } fragment F on Subscription { ${root} @skip(if: true) { state } }`,
    ]) {
      expect([query, await (await openStream(bob, query)).rest()]).to.deep.equal([
        query,
        [
          { event: 'next', data: refused('The field of a subscription cannot be left out by @skip or @include.') },
          complete,
        ],
      ]);
    }
    const inner = `subscription { ${root} { id @skip(if: true) ...F } } fragment F on WorkflowRun { state @skip(if: false) }`;
    const stream = await openStream(bob, inner);
    const next = { event: 'next', data: { data: { workflowRunChanged: { state: 'QUEUED' } } } };
    expect(await stream.next()).to.deep.equal(next);
    stream.leave();
    expect(api.log.slice(logged).filter((line) => /"level":"(?:error|fatal)"/.test(line))).to.deep.equal([]);
  });

  it('takes JSON by POST and answers with events alone', async () => {
    const { bob } = await newTeam();
    const send = async (init: RequestInit) => {
      const headers = { authorization: `Bearer ${bob.token}`, ...init.headers };
      const response = await fetch(streamUrl(bob), { method: 'POST', ...init, headers });
      return [response.status, await response.json()];
    };
    const json = { 'content-type': 'application/json' };
    expect(await send({ method: 'GET' })).to.deep.equal([405, refused('Operations are sent by POST.')]);
    expect(await send({ body: '{}', headers: { ...json, accept: 'application/json' } })).to.deep.equal([
      406,
      refused('Responses are text/event-stream.'),
    ]);
    expect(await send({ body: 'query=canary', headers: { 'content-type': 'text/plain' } })).to.deep.equal([
      415,
      refused('The request body must be application/json in UTF-8, not compressed.'),
    ]);
    expect(await send({ body: '{canary', headers: json })).to.deep.equal([
      400,
      refused('The request body is not JSON in UTF-8.'),
    ]);
  });
});
