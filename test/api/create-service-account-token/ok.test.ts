import { expect } from 'chai';
import { Client, clock, newTeam, startTestApi, type TestApi } from '../../support/api.js';
import {
  instantSince,
  itsTokenIsRefused,
  makeServiceAccount,
  makeToken,
  unchangedMembership,
} from '../../support/membership.js';
import { createServiceAccountToken, serviceAccountById } from '../../support/membership-operations.js';
import { secretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

const hour = 60 * 60 * 1000;

/** Everything that the database of an api holds, as text; bytes as the text that they are in UTF-8. */
async function storedText({ services }: TestApi): Promise<string> {
  const { database } = services;
  const texts: string[] = [];
  for (const { tableName } of database.reading.manager.connection.entityMetadatas) {
    for (const row of await database.query(`SELECT * FROM ${tableName}`)) {
      for (const value of Object.values(row)) texts.push(Buffer.isBuffer(value) ? value.toString() : String(value));
    }
  }
  return texts.join('\n');
}

describe('createServiceAccountToken', () => {
  it('shows the token, which lets the account in at once, and what is known about it from then on', async () => {
    const { alice, bob, deployBot, organizationId } = await newTeam();
    const started = Date.now();
    const id = await makeServiceAccount(alice, 'ci-bot');
    const input = { serviceAccountId: id, name: ' CI ' };
    const { createServiceAccountToken: created } = await alice.data(createServiceAccountToken, { input });
    const { serviceAccountToken, token } = created;
    expect(token).to.match(/^ns_[0-9A-Za-z]{92}$/);
    expect(created).to.deep.equal({
      serviceAccountToken: {
        id: serviceAccountToken.id,
        name: 'CI',
        expiresAt: null,
        lastUsedAt: null,
        revokedAt: null,
        createdBy: { id: alice.id, kind: 'PERSON', name: 'Alice' },
        createdAt: instantSince(started, serviceAccountToken.createdAt),
      },
      token,
    });
    const { serviceAccount } = await alice.data(serviceAccountById, { id });
    expect(serviceAccount.tokens).to.deep.equal([serviceAccountToken]);

    const key = await createKey(bob, { grants: [{ granteeId: id, permission: 'USE' }] });
    const ciBot = new Client(deployBot.url, id, 'ci-bot', token);
    expect((await ciBot.data(secretKey, { id: key })).secretKey.id).to.equal(key);
    expect(await ciBot.data('{ viewer { id kind name role organization { id } } }')).to.deep.equal({
      viewer: { id, kind: 'SERVICE_ACCOUNT', name: 'ci-bot', role: null, organization: { id: organizationId } },
    });
  });

  it('lets tokens of one account have one name, each of which works', async () => {
    const { alice, deployBot } = await newTeam();
    const [first, second] = [await makeToken(alice, deployBot.id), await makeToken(alice, deployBot.id)];
    expect(first.client.token).not.to.equal(second.client.token);
    for (const { client } of [first, second]) {
      expect(await client.data('{ viewer { id } }')).to.deep.equal({ viewer: { id: deployBot.id } });
    }
  });

  it('shows when a token was last used, to a minute, and since when it lets nobody in', async () => {
    const api = await startTestApi();
    try {
      const { alice, deployBot } = await newTeam(api);
      const { id } = deployBot;
      const expiresAt = new Date(Date.now() + hour).toISOString();
      const input = { serviceAccountId: id, name: 'CI', expiresAt };
      const { createServiceAccountToken: created } = await alice.data(createServiceAccountToken, { input });
      const ciBot = new Client(deployBot.url, id, 'deploy-bot', created.token);
      const shown = async () => (await alice.data(serviceAccountById, { id })).serviceAccount.tokens[1];
      const { serviceAccountToken } = created;
      expect(await shown()).to.deep.equal({ ...serviceAccountToken, expiresAt, lastUsedAt: null });

      const usedAt = Date.now();
      await ciBot.data('{ viewer { id } }');
      const { lastUsedAt: firstUse } = await shown();
      instantSince(usedAt, firstUse);
      clock.ahead = 30_000;
      await ciBot.data('{ viewer { id } }');
      expect((await shown()).lastUsedAt).to.equal(firstUse);
      clock.ahead = hour / 2;
      await ciBot.data('{ viewer { id } }');
      const { lastUsedAt, ...rest } = await shown();
      expect(Date.parse(lastUsedAt)).to.be.within(usedAt + hour / 2, Date.now() + hour / 2);
      expect({ ...rest, lastUsedAt: null }).to.deep.equal(serviceAccountToken);

      clock.ahead = hour;
      await itsTokenIsRefused(ciBot);
      expect(await shown()).to.deep.equal({ ...serviceAccountToken, lastUsedAt });
      clock.ahead = 0;
      await ciBot.data('{ viewer { id } }');
    } finally {
      clock.ahead = 0;
      await api.close();
    }
  });

  it('gives the first answer to a repeated request, without the token', async () => {
    const team = await newTeam();
    const { alice, deployBot } = team;
    const input = { serviceAccountId: deployBot.id, name: 'CI', clientMutationId: 'a-key' };
    const first = await alice.data(createServiceAccountToken, { input });
    const { clientMutationId: key, ...rest } = input;
    for (const ask of [
      () => alice.ask(createServiceAccountToken, { input }),
      () => alice.ask(createServiceAccountToken, { input: rest }, { 'idempotency-key': key }),
    ]) {
      const { data, errors } = await unchangedMembership(team, ask);
      expect({ data, errors }).to.deep.equal({
        data: { createServiceAccountToken: { ...first.createServiceAccountToken, token: null } },
        errors: undefined,
      });
    }
    const { token } = first.createServiceAccountToken;
    const ciBot = new Client(deployBot.url, deployBot.id, 'deploy-bot', token);
    expect(await ciBot.data('{ viewer { id } }')).to.deep.equal({ viewer: { id: deployBot.id } });
  });

  it('leaves the token in no row and no log line, nor its secret part in any encoding', async () => {
    const api = await startTestApi();
    try {
      const { alice, deployBot } = await newTeam(api);
      const input = { serviceAccountId: deployBot.id, name: 'Canary token', clientMutationId: 'a-key' };
      const { createServiceAccountToken: created } = await alice.data(createServiceAccountToken, { input });
      const token: string = created.token;
      const { id } = created.serviceAccountToken;
      await alice.data(createServiceAccountToken, { input });
      const ciBot = new Client(deployBot.url, deployBot.id, 'deploy-bot', token);
      await ciBot.data('{ viewer { id } }');
      await itsTokenIsRefused(new Client(deployBot.url, deployBot.id, 'deploy-bot', `${token}x`));
      await alice.ask(createServiceAccountToken, { input: { ...input, serviceAccountId: token } });

      const rows = await storedText(api);
      const lines = api.log.join('\n');
      expect(rows).to.include('Canary token').and.to.include(id);
      expect(lines).to.include('malformed service account token');
      const secret = token.slice('ns_'.length + 43, -6);
      for (const text of [token, secret]) {
        for (const encoding of ['utf8', 'hex', 'base64', 'base64url'] as const) {
          const canary = Buffer.from(text).toString(encoding).replaceAll('=', '');
          expect(rows.includes(canary), `${encoding} in the database`).to.equal(false);
          expect(lines.includes(canary), `${encoding} in the log`).to.equal(false);
        }
      }
    } finally {
      await api.close();
    }
  });
});
