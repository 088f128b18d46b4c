import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { type Client, clock, newTeam, startTestApi } from '../../support/api.js';
import { mutations } from '../../support/mutations.js';
import { createSecretKey, renameSecretKey, setSecretAccess, updateSecretValue } from '../../support/operations.js';
import { createKey, fakeValue, uniqueName } from '../../support/secret-keys.js';
import { openStoredValue, recordedEvents, storedRows, unchanged } from '../../support/stored.js';
import { workflowMutations } from '../../support/workflow-mutations.js';

const hour = 60 * 60 * 1000;

/** Two ways of saying the same key. */
const ways: Readonly<Record<string, typeof askByHeader>> = {
  'the Idempotency-Key header': askByHeader,
  clientMutationId: (client, query, input, key) => client.ask(query, { input: { ...input, clientMutationId: key } }),
};

function askByHeader(client: Client, query: string, input: Record<string, unknown>, key: string) {
  return client.ask(query, { input }, { 'idempotency-key': key });
}

describe('a request that is repeated under its idempotency key', () => {
  for (const [operation, prepare] of Object.entries({ ...mutations, ...workflowMutations })) {
    for (const [way, ask] of Object.entries(ways)) {
      it(`${operation} with ${way} answers the same, byte for byte, and does nothing again`, async () => {
        const team = await newTeam();
        const { query, input } = await prepare(team.bob);
        const before = (await recordedEvents(team)).length;
        const key = randomUUID();
        const first = await ask(team.bob, query, input, key);
        expect(first.errors).to.equal(undefined);
        expect((await recordedEvents(team)).length).to.equal(before + 1);
        for (const again of Object.values(ways)) {
          const second = await unchanged(team, () => again(team.bob, query, input, key));
          expect([second.status, second.text]).to.deep.equal([first.status, first.text]);
        }
      });
    }
  }

  it('does nothing again and shows the key as it is now, when the key has changed since', async () => {
    const team = await newTeam();
    const { bob } = team;
    const id = await createKey(bob);
    await askByHeader(bob, renameSecretKey, { id, name: 'Payments' }, 'first');
    await bob.data(renameSecretKey, { input: { id, name: 'Invoices' } });
    const again = await unchanged(team, () => askByHeader(bob, renameSecretKey, { id, name: 'Payments' }, 'first'));
    expect(again.data.renameSecretKey.secretKey.name).to.equal('Invoices');
  });

  it('shows no more than the caller may see now, when they have lost rights since', async () => {
    const team = await newTeam();
    const { alice, bob } = team;
    const id = await createKey(bob);
    const query = `mutation ($input: RenameSecretKeyInput!) {
      renameSecretKey(input: $input) { secretKey { name viewerCan grants { permission } auditEvents { totalCount } } }
    }`;
    const input = { id, name: uniqueName() };
    expect((await askByHeader(bob, query, input, 'manager')).data.renameSecretKey.secretKey.grants).to.have.length(1);
    const grants = [
      { granteeId: alice.id, permission: 'MANAGE' },
      { granteeId: bob.id, permission: 'USE' },
    ];
    await alice.data(setSecretAccess, { input: { id, level: 'RESTRICTED', grants } });
    expect((await unchanged(team, () => askByHeader(bob, query, input, 'manager'))).data).to.deep.equal({
      renameSecretKey: {
        secretKey: { name: input.name, viewerCan: ['USE', 'USE_RAW'], grants: null, auditEvents: null },
      },
    });
  });

  it('keeps nothing of the answer but the id of the key', async () => {
    const { api, bob, organizationId } = await newTeam();
    const { data } = await askByHeader(bob, createSecretKey, { name: uniqueName(), value: 'ab\n' }, 'short');
    const rows = await api.services.database.query('SELECT answer FROM idempotent_answer WHERE organization_id = ?', [
      organizationId,
    ]);
    expect(rows.map(({ answer }) => JSON.parse(String(answer)))).to.deep.equal([
      { secretKeyId: data.createSecretKey.secretKey.id },
    ]);
  });

  it('takes the order of input fields for nothing, and both ways of saying the key together', async () => {
    const team = await newTeam();
    const { bob } = team;
    const value = fakeValue();
    const first = await bob.ask(
      createSecretKey,
      { input: { name: 'Payments', value, uses: ['JWT'], clientMutationId: 'a-key' } },
      { 'idempotency-key': 'a-key' },
    );
    const again = await unchanged(team, () =>
      askByHeader(bob, createSecretKey, { uses: ['JWT'], value, name: 'Payments' }, 'a-key'),
    );
    expect(first.errors).to.equal(undefined);
    expect(again.text).to.equal(first.text);
  });

  it('is done once when it arrives several times at the same time', async () => {
    const team = await newTeam();
    const input = { name: uniqueName(), value: fakeValue() };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => askByHeader(team.bob, createSecretKey, input, 'at-once')),
    );
    expect(answers.map(({ errors }) => errors)).to.deep.equal(Array(5).fill(undefined));
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);
    expect((await recordedEvents(team)).map(({ type }) => type)).to.deep.equal(['secretKey.created']);
  });

  it('is another request when somebody else sends it', async () => {
    const team = await newTeam();
    const { bob, carol, deployBot, stranger } = team;
    const ids = new Set<string>();
    for (const client of [bob, carol, stranger]) {
      const input = { name: client.name, value: fakeValue() };
      const { data } = await askByHeader(client, createSecretKey, input, 'the-same-key');
      ids.add(data.createSecretKey.secretKey.id);
    }
    expect(ids.size).to.equal(3);
    const { errors } = await askByHeader(deployBot, createSecretKey, { name: 'x', value: fakeValue() }, 'the-same-key');
    expect(errors?.[0]?.extensions.code).to.equal('LAST_MANAGER');
  });

  it('is tried anew when it failed the first time', async () => {
    const team = await newTeam();
    const { bob } = team;
    const taken = await createKey(bob, { name: 'Payments' });
    const input = { name: 'Payments', value: fakeValue() };
    const failed = await unchanged(team, () => askByHeader(bob, createSecretKey, input, 'a-key'));
    expect(failed.errors?.[0]?.extensions.code).to.equal('CONFLICT');
    await bob.data(renameSecretKey, { input: { id: taken, name: 'Invoices' } });
    const { data } = await askByHeader(bob, createSecretKey, input, 'a-key');
    expect((await openStoredValue(team, data.createSecretKey.secretKey.id)).toString()).to.equal(input.value);
    const other = await askByHeader(bob, createSecretKey, { name: '', value: fakeValue() }, 'another-key');
    expect(other.errors?.[0]?.extensions.code).to.equal('BAD_USER_INPUT');
    expect((await storedRows(team)).idempotent_answer).to.have.lengthOf(1);
  });

  it('keeps nothing of the value or of the idempotency key', async () => {
    const team = await newTeam();
    const { bob } = team;
    const value = fakeValue();
    const key = `order-${randomUUID()}`;
    const { data } = await askByHeader(bob, createSecretKey, { name: uniqueName(), value }, key);
    const { id } = data.createSecretKey.secretKey;
    await bob.data(updateSecretValue, { input: { id, value, clientMutationId: `${key}-update` } });
    const rows = (await storedRows(team)).idempotent_answer ?? [];
    expect(rows).to.have.lengthOf(2);
    const text = JSON.stringify(rows);
    for (const canary of [value, Buffer.from(value).toString('base64'), Buffer.from(value).toString('hex'), key]) {
      expect(text).not.to.include(canary);
    }
  });

  it('is remembered for 24 hours, and is a new request after them', async () => {
    const api = await startTestApi();
    try {
      const team = await newTeam(api);
      const { bob } = team;
      const id = await createKey(bob);
      const input = { id, value: fakeValue() };
      const first = await askByHeader(bob, updateSecretValue, input, 'a-key');
      clock.ahead = 24 * hour - 60_000;
      const again = await unchanged(team, () => askByHeader(bob, updateSecretValue, input, 'a-key'));
      expect(again.text).to.equal(first.text);
      clock.ahead = 24 * hour;
      const later = await askByHeader(bob, updateSecretValue, input, 'a-key');
      expect(later.data.updateSecretValue.secretKey.valueVersion).to.equal(3);
      const repeated = await unchanged(team, () => askByHeader(bob, updateSecretValue, input, 'a-key'));
      expect(repeated.text).to.equal(later.text);
    } finally {
      clock.ahead = 0;
      await api.close();
    }
  });
});
