import { expect } from 'chai';
import { newTeam, startTestApi } from '../../support/api.js';
import { type EventStream, openStream } from '../../support/event-stream.js';
import { startRun, workflowRunChanged } from '../../support/runs.js';

describe('open streams of workflowRunChanged', () => {
  it('are at most 20 for each principal, and one that was left makes room', async () => {
    const { bob, carol } = await newTeam();
    const id = await startRun(bob);
    const open = () => openStream(bob, workflowRunChanged, { id });
    const streams: EventStream[] = [];
    for (let count = 0; count < 20; count += 1) streams.push(await open());
    const { response } = await open();
    expect([response.status, await response.json()]).to.deep.equal([
      429,
      {
        errors: [
          {
            message: 'Not more than 20 streams may be open at once.',
            extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 10 },
          },
        ],
      },
    ]);
    const other = await openStream(carol, workflowRunChanged, { id });
    expect(other.response.status).to.equal(200);
    other.leave();

    streams.pop()?.leave();
    let again = await open();
    while (again.response.status !== 200) again = await open();
    for (const stream of [...streams, again]) stream.leave();
  });

  it('begin with a comment, so that a browser takes them for open', async () => {
    const { bob } = await newTeam();
    const { response, leave } = await openStream(bob, workflowRunChanged, { id: await startRun(bob) });
    const reader = response.clone().body?.getReader();
    const first = await reader?.read();
    expect(Buffer.from(first?.value ?? []).toString()).to.match(/^:\n\n/);
    leave();
  });

  it('end without `complete` when the api stops, and leave no connection behind that it would wait for', async () => {
    const api = await startTestApi();
    const { bob } = await newTeam(api);
    const stream = await openStream(bob, workflowRunChanged, { id: await startRun(bob) });
    await stream.next();
    expect(stream.response.headers.get('connection')).to.equal('close');
    const [rest] = await Promise.all([stream.rest(), api.close()]);
    expect(rest).to.deep.equal([]);
  });
});
