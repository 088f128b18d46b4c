import { expect } from 'chai';
import { Client, newTeam, type Team, tokenFor } from '../../support/api.js';
import { instantSince, isSignedIn } from '../../support/membership.js';
import { addMember, deactivateMember, memberById } from '../../support/membership-operations.js';
import { createKey } from '../../support/secret-keys.js';

const add = async ({ alice }: Team, input: Record<string, unknown>) =>
  (await alice.data(addMember, { input })).addMember.member;

const signIn = async ({ api }: Team, id: Client['id'], name: string, subject: string) =>
  new Client(api.url, id, name, await tokenFor(subject));

describe('addMember', () => {
  it('adds a person without groups, as the answer and every later look at them say', async () => {
    const team = await newTeam();
    const started = Date.now();
    const input = { name: ' Erin ', email: ' Erin@Team.example ', role: 'AUDITOR', subject: `Erin|${team.slug}` };
    const member = await add(team, input);
    const createdAt = instantSince(started, member.createdAt);
    expect(member).to.deep.equal({
      id: member.id,
      name: 'Erin',
      email: 'Erin@Team.example',
      role: 'AUDITOR',
      state: 'ACTIVE',
      groups: [],
      customRoles: [],
      identities: [{ issuer: team.api.services.defaultIssuer, subject: input.subject }],
      createdAt,
      updatedAt: createdAt,
    });
    for (const client of [team.alice, team.dave]) {
      expect(await client.data(memberById, { id: member.id })).to.deep.equal({ member });
    }
  });

  it('lets them in with their token at once, in each role', async () => {
    const team = await newTeam();
    for (const role of ['ADMIN', 'MEMBER', 'AUDITOR']) {
      const subject = `${role}|${team.slug}`;
      const { id } = await add(team, { name: 'Erin', role, subject });
      const erin = await signIn(team, id, 'Erin', subject);
      expect(await erin.data('{ viewer { id kind name email role groups { id } organization { id } } }')).to.deep.equal(
        {
          viewer: {
            id,
            kind: 'PERSON',
            name: 'Erin',
            email: null,
            role,
            groups: [],
            organization: { id: team.organizationId },
          },
        },
      );
    }
  });

  it('compares the subject letter by letter, and the issuer too', async () => {
    const team = await newTeam();
    const subject = `Erin|${team.slug}`;
    const elsewhere = { name: 'Erin', role: 'MEMBER', subject, issuer: 'https://elsewhere.test.invalid' };
    const { id, identities } = await add(team, elsewhere);
    expect(identities).to.deep.equal([{ issuer: elsewhere.issuer, subject }]);
    expect(await isSignedIn(await signIn(team, id, 'Erin', subject))).to.equal(false);
    await add(team, { name: 'Erin', role: 'MEMBER', subject });
    expect(await isSignedIn(await signIn(team, id, 'Erin', subject))).to.equal(true);
    expect(await isSignedIn(await signIn(team, id, 'Erin', subject.toLowerCase()))).to.equal(false);
  });

  it('lets several people have one name and address, and one identity be in several organizations', async () => {
    const team = await newTeam();
    const { alice, bob, stranger, slug } = team;
    const input = { name: 'Bob', email: 'bob@team.example', role: 'MEMBER', subject: `another-bob|${slug}` };
    const { id } = await add(team, input);
    expect(id).not.to.equal(bob.id);
    const { addMember: added } = await stranger.data(addMember, { input });
    expect((await alice.ask(memberById, { id: added.member.id })).data).to.deep.equal({ member: null });
  });

  it('shows a new member the keys of the team and no other', async () => {
    const team = await newTeam();
    const shared = await createKey(team.bob, { level: 'TEAM' });
    await createKey(team.bob);
    const subject = `Erin|${team.slug}`;
    const { id } = await add(team, { name: 'Erin', role: 'MEMBER', subject });
    const erin = await signIn(team, id, 'Erin', subject);
    expect(await erin.data('{ secretKeys { nodes { id } totalCount } }')).to.deep.equal({
      secretKeys: { nodes: [{ id: shared }], totalCount: 1 },
    });
  });

  it('takes the longest name, subject, issuer and address', async () => {
    const team = await newTeam();
    const input = {
      name: '\u{1f511}'.repeat(120),
      subject: `${team.slug}${'s'.repeat(255 - team.slug.length)}`,
      issuer: `https://${'i'.repeat(247)}`,
      email: `a@${'b'.repeat(252)}`,
    };
    const { name, email, identities } = await add(team, { ...input, role: 'MEMBER' });
    expect({ name, email, ...identities[0] }).to.deep.equal(input);
  });

  it('gives the first answer to a repeated request', async () => {
    const team = await newTeam();
    const input = { name: 'Erin', role: 'MEMBER', subject: `Erin|${team.slug}`, clientMutationId: 'a-key' };
    const first = await team.alice.ask(addMember, { input });
    expect(first.errors).to.equal(undefined);
    await team.alice.data(deactivateMember, { input: { id: first.data.addMember.member.id } });
    const { text } = await team.alice.ask(addMember, { input });
    expect(text).to.equal(first.text);
  });
});
