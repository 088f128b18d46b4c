import { expect } from 'chai';
import type { Config } from '../../src/config.js';
import { createOrganization } from '../../src/modules/organization/create-organization.js';
import { Client, newTeam, sharedApi, startTestApi, type Team, type TestApi, tokenFor } from '../support/api.js';

const viewer = '{ viewer { name email role organization { name } } }';
const notAMember = {
  status: 401,
  errors: [
    {
      message: 'Your account is not an active member of an organization here.',
      extensions: { code: 'UNAUTHENTICATED' },
    },
  ],
};

async function ask(api: TestApi, token: string, headers: Record<string, string> = {}) {
  const client = new Client(api.url, '' as Client['id'], '', token);
  const { status, data, errors } = await client.ask(viewer, {}, headers);
  return errors === undefined ? { status, data } : { status, errors };
}

describe('somebody whose token is valid, and whom nobody has added', () => {
  it('is turned away without the setting, and is not made a member', async () => {
    const api = await sharedApi();
    const subject = `nobody-${process.hrtime.bigint()}`;
    expect(await ask(api, await tokenFor(subject))).to.deep.equal(notAMember);
    expect(
      await api.services.database.query('SELECT subject FROM identity WHERE subject = ?', [subject]),
    ).to.deep.equal([]);
  });

  describe('with the setting', () => {
    let api: TestApi;
    let team: Team;
    before(async () => {
      api = await startTestApi(await provisioning('joined', 'MEMBER'));
      const { database, writer } = api.services;
      await database.transaction((tx) =>
        createOrganization(tx, writer, { slug: 'joined', name: 'Joined', isDemo: false, now: Date.now() }),
      );
      team = await newTeam(api);
    });
    after(() => api.close());

    const membersNamed = (subject: string) =>
      api.services.database.query(
        `SELECT o.slug, g.name, g.email, g.role, g.state FROM identity i
         JOIN organization o ON o.id = i.organization_id
         JOIN grantee g ON g.organization_id = i.organization_id AND g.id = i.person_id
         WHERE i.subject = ?`,
        [subject],
      );

    it('becomes a member of the configured organization, in the configured role, with the name and address of the token', async () => {
      const token = await tokenFor('ada', { name: 'Ada Lovelace', email: 'ada@example.test' });
      const expected = {
        status: 200,
        data: {
          viewer: {
            name: 'Ada Lovelace',
            email: 'ada@example.test',
            role: 'MEMBER',
            organization: { name: 'Joined' },
          },
        },
      };
      expect(await ask(api, token)).to.deep.equal(expected);
      expect(await ask(api, token, { 'nightsafe-organization': 'joined' })).to.deep.equal(expected);
      expect(await membersNamed('ada')).to.deep.equal([
        { slug: 'joined', name: 'Ada Lovelace', email: 'ada@example.test', role: 'MEMBER', state: 'ACTIVE' },
      ]);
    });

    it('becomes one member, recorded once, when ten first requests arrive together', async () => {
      const token = await tokenFor('many');
      const answers = await Promise.all(Array.from({ length: 10 }, () => ask(api, token)));
      const expected = { viewer: { name: 'many', email: null, role: 'MEMBER', organization: { name: 'Joined' } } };
      expect(answers).to.deep.equal(Array.from({ length: 10 }, () => ({ status: 200, data: expected })));
      expect(await membersNamed('many')).to.have.length(1);
      const events = await api.services.database.query(
        `SELECT e.type FROM audit_event e JOIN grantee g ON g.organization_id = e.organization_id AND g.id = e.subject_id
         WHERE g.name = 'many'`,
      );
      expect(events).to.deep.equal([{ type: 'member.provisioned' }]);
    });

    it('stays out after being deactivated', async () => {
      const token = await tokenFor('left');
      expect((await ask(api, token)).status).to.equal(200);
      await api.services.database.transaction((tx) =>
        tx.query("UPDATE grantee SET state = 'DEACTIVATED' WHERE name = 'left'"),
      );
      expect(await ask(api, token)).to.deep.equal(notAMember);
      expect((await membersNamed('left')).map(({ state }) => state)).to.deep.equal(['DEACTIVATED']);
    });

    it('does not join by asking for another organization', async () => {
      const token = await tokenFor('asking');
      expect(await ask(api, token, { 'nightsafe-organization': team.slug })).to.deep.equal(notAMember);
      expect(await membersNamed('asking')).to.deep.equal([]);
    });

    it('is not added to the configured organization while a member of another one', async () => {
      expect(await ask(api, team.bob.token ?? '')).to.deep.include({ status: 200 });
      expect((await membersNamed(`bob@${team.slug}`)).map(({ slug }) => slug)).to.deep.equal([team.slug]);
    });
  });

  it('joins as an auditor where the setting says so, and not at all while the organization is missing', async () => {
    const api = await startTestApi(await provisioning('later', 'AUDITOR'));
    try {
      const token = await tokenFor('early');
      expect(await ask(api, token)).to.deep.equal(notAMember);
      const { database, writer } = api.services;
      await database.transaction((tx) =>
        createOrganization(tx, writer, { slug: 'later', name: 'Later', isDemo: false, now: Date.now() }),
      );
      expect(await ask(api, token)).to.deep.equal({
        status: 200,
        data: { viewer: { name: 'early', email: null, role: 'AUDITOR', organization: { name: 'Later' } } },
      });
    } finally {
      await api.close();
    }
  });
});

/** The settings of the shared api, and what becomes of newcomers. */
async function provisioning(organizationSlug: string, role: 'MEMBER' | 'AUDITOR'): Promise<Pick<Config, 'oidc'>> {
  const { oidc } = (await sharedApi()).config;
  if (oidc === null) throw new Error('the shared api has a provider');
  return { oidc: { ...oidc, provision: { organizationSlug, role } } };
}
