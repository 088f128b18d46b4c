import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { Client, newTeam, tokenFor } from '../../support/api.js';
import { openStream } from '../../support/event-stream.js';
import { startRun, workflowRunChanged, writeRun } from '../../support/runs.js';

async function post({ url, token }: Client, variables: object) {
  const response = await fetch(`${url}/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    body: JSON.stringify({ query: workflowRunChanged, variables }),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

describe('workflowRunChanged without an identity', () => {
  it('answers UNAUTHENTICATED and opens nothing', async () => {
    const { api, bob, nobody, slug } = await newTeam();
    const stray = new Client(api.url, bob.id, 'Someone', await tokenFor(`nobody@${slug}`));
    for (const [caller, message] of [
      [nobody, 'A bearer token is required.'],
      [new Client(api.url, bob.id, 'Someone', 'not-a-token'), 'The bearer token is not valid.'],
      [stray, 'Your account is not an active member of an organization here.'],
    ] as const) {
      const { status, headers, body } = await post(caller, { id: newId() });
      expect([status, headers.get('www-authenticate'), body]).to.deep.equal([
        401,
        'Bearer',
        { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
      ]);
    }
  });

  it('tells nothing more to whoever has been deactivated since', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const id = await startRun(bob);
    const stream = await openStream(bob, workflowRunChanged, { id });
    await stream.next();
    await alice.data(
      'mutation ($input: DeactivateMemberInput!) { deactivateMember(input: $input) { member { id } } }',
      {
        input: { id: bob.id },
      },
    );
    await writeRun(team, id, { state: 'SUCCEEDED', finishedAt: 1 });
    expect(await stream.rest()).to.deep.equal([
      {
        event: 'next',
        data: {
          errors: [
            {
              message: 'Your account is not an active member of an organization here.',
              extensions: { code: 'UNAUTHENTICATED' },
            },
          ],
        },
      },
      { event: 'complete', data: null },
    ]);
  });
});
