import { expect } from 'chai';
import { insertIdentity } from '../../src/modules/organization/membership.js';
import { Client, issuer, newTeam, type Team, tokenFor } from '../support/api.js';

const viewer = '{ viewer { id role organization { id } } }';

describe('the Nightsafe-Organization header', () => {
  let first: Team;
  let second: Team;
  let both: Client;
  before(async () => {
    first = await newTeam();
    second = await newTeam();
    // Bob of the first team is also who Dave of the second is: one identity, two members.
    const { database, writer } = first.api.services;
    const identity = { issuer, subject: `bob@${first.slug}`, organizationId: second.organizationId };
    await database.transaction((tx) => insertIdentity(tx, writer, { ...identity, personId: second.dave.id }));
    both = new Client(first.api.url, first.bob.id, 'Bob', await tokenFor(`bob@${first.slug}`));
  });

  const answer = async (client: Client, organization?: string) => {
    const headers: Record<string, string> =
      organization === undefined ? {} : { 'nightsafe-organization': organization };
    const { status, data, errors } = await client.ask(viewer, {}, headers);
    return { status, ...(errors === undefined ? { viewer: data.viewer } : { errors }) };
  };
  const unauthenticated = (message: string) => ({
    status: 401,
    errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }],
  });

  it('chooses among the organizations that a person is in, with the role of each', async () => {
    expect([await answer(both, first.slug), await answer(both, second.slug)]).to.deep.equal([
      { status: 200, viewer: { id: first.bob.id, role: 'MEMBER', organization: { id: first.organizationId } } },
      { status: 200, viewer: { id: second.dave.id, role: 'AUDITOR', organization: { id: second.organizationId } } },
    ]);
  });

  it('is asked for when a person is in several and it is missing', async () => {
    expect(await answer(both)).to.deep.equal(
      unauthenticated('Your account belongs to several organizations: name one in the Nightsafe-Organization header.'),
    );
  });

  it('lets nobody into an organization that they are not in, or that there is not, with one answer', async () => {
    const refused = unauthenticated('Your account is not an active member of an organization here.');
    for (const slug of [`${first.slug}-other`, 'missing', `${first.slug}, ${second.slug}`]) {
      expect(await answer(both, slug)).to.deep.equal(refused);
    }
    expect(await answer(first.carol, second.slug)).to.deep.equal(refused);
  });

  it('is not needed by a person in one organization, who may send it', async () => {
    const expected = {
      status: 200,
      viewer: { id: first.carol.id, role: 'MEMBER', organization: { id: first.organizationId } },
    };
    expect([await answer(first.carol), await answer(first.carol, first.slug)]).to.deep.equal([expected, expected]);
  });
});
