import { request } from 'node:http';
import { expect } from 'chai';
import { newTeam } from '../support/api.js';
import { setMemberRole } from '../support/membership-operations.js';

/** Sends the headers and one byte, waits for `meanwhile`, then sends the rest. */
async function heldRequest(url: string, token: string, body: string, meanwhile: () => Promise<unknown>) {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  };
  const held = request(url, { method: 'POST', headers });
  const answer = new Promise<{ status: number | undefined; body: unknown }>((resolve, reject) => {
    held.once('error', reject);
    held.once('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
    });
  });
  held.write(body.slice(0, 1));
  await new Promise((resolve) => setTimeout(resolve, 50));
  await meanwhile();
  held.end(body.slice(1));
  return answer;
}

describe('a request whose body is held back', () => {
  const promoteMyself = (id: string) =>
    JSON.stringify({ query: setMemberRole, variables: { input: { id, role: 'ADMIN' } } });

  it('has the rights of the moment in which its body is complete', async () => {
    const { alice, carol } = await newTeam();
    await alice.data(setMemberRole, { input: { id: carol.id, role: 'ADMIN' } });
    const answer = await heldRequest(carol.url, String(carol.token), promoteMyself(carol.id), () =>
      alice.data(setMemberRole, { input: { id: carol.id, role: 'MEMBER' } }),
    );
    expect(answer.body).to.have.nested.property('errors[0].extensions.code', 'FORBIDDEN');
  });

  it('is refused when its sender was deactivated meanwhile', async () => {
    const { alice, carol } = await newTeam();
    const answer = await heldRequest(carol.url, String(carol.token), promoteMyself(carol.id), () =>
      alice.data('mutation ($input: DeactivateMemberInput!) { deactivateMember(input: $input) { member { id } } }', {
        input: { id: carol.id },
      }),
    );
    expect(answer.status).to.equal(401);
  });
});
