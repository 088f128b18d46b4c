import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, makeToken } from '../../support/membership.js';
import { createServiceAccount, deleteServiceAccount, serviceAccountById } from '../../support/membership-operations.js';
import { secretKeys } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('createServiceAccount', () => {
  it('creates an account without tokens, as the answer and every later look at it say', async () => {
    const { alice, dave } = await newTeam();
    const started = Date.now();
    const input = { name: ' ci-bot ', description: 'Builds.\nTests.' };
    const { createServiceAccount: created } = await alice.data(createServiceAccount, { input });
    const createdAt = instantSince(started, created.serviceAccount.createdAt);
    expect(created).to.deep.equal({
      serviceAccount: {
        id: created.serviceAccount.id,
        name: 'ci-bot',
        description: 'Builds.\nTests.',
        state: 'ACTIVE',
        tokens: [],
        customRoles: [],
        createdBy: { id: alice.id, kind: 'PERSON', name: 'Alice' },
        createdAt,
        updatedAt: createdAt,
      },
    });
    expect(await dave.data(serviceAccountById, { id: created.serviceAccount.id })).to.deep.equal(created);
  });

  it('gives the account the keys of the team and those shared with it, and no other', async () => {
    const { alice, bob } = await newTeam();
    const { createServiceAccount: created } = await alice.data(createServiceAccount, { input: { name: 'ci-bot' } });
    const { id } = created.serviceAccount;
    await createKey(bob, { name: 'Team', level: 'TEAM' });
    await createKey(bob, { name: 'Shared', grants: [{ granteeId: id, permission: 'USE' }] });
    await createKey(bob, { name: 'Hidden' });
    const { client: ciBot } = await makeToken(alice, id);
    const { secretKeys: page } = await ciBot.data(secretKeys);
    expect(page.nodes.map(({ name }: { name: string }) => name)).to.deep.equal(['Shared', 'Team']);
  });

  it('takes the longest name, no description, and a name that was freed or that others than accounts have', async () => {
    const { alice, stranger } = await newTeam();
    const create = async (input: object) =>
      (await alice.data(createServiceAccount, { input })).createServiceAccount.serviceAccount;
    const longest = '\u{1f511}'.repeat(120);
    expect((await create({ name: longest })).name).to.equal(longest);
    for (const description of [null, '', ' ']) {
      const account = await create({ name: 'ci-bot', description });
      expect(account.description).to.equal(null);
      await alice.data(deleteServiceAccount, { input: { id: account.id } });
    }
    expect((await create({ name: 'Growth' })).name).to.equal('Growth');
    expect((await create({ name: 'Bob' })).name).to.equal('Bob');
    await stranger.data(createServiceAccount, { input: { name: 'deploy-bot' } });
  });
});
