import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { itsTokenIsRefused, makeServiceAccount, makeToken } from '../../support/membership.js';
import { deleteServiceAccount, serviceAccountById, serviceAccounts } from '../../support/membership-operations.js';
import { grantees, secretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { signedAccess } from '../../support/stored.js';

describe('deleteServiceAccount', () => {
  it('takes the account from every list, and frees its name', async () => {
    const { alice, bob, deployBot } = await newTeam();
    const { id } = deployBot;
    expect(await alice.data(deleteServiceAccount, { input: { id } })).to.deep.equal({
      deleteServiceAccount: { deletedId: id },
    });
    for (const client of [alice, bob]) {
      expect(await client.data(serviceAccountById, { id })).to.deep.equal({ serviceAccount: null });
      const { serviceAccounts: page } = await client.data(serviceAccounts);
      expect([page.nodes, page.totalCount]).to.deep.equal([[], 0]);
      expect((await client.data(grantees, { search: 'deploy' })).grantees.nodes).to.deep.equal([]);
    }
    expect(await makeServiceAccount(alice, 'deploy-bot')).not.to.equal(id);
  });

  it('turns it away on the next request, with each of its tokens and also when the name is used again', async () => {
    const { alice, deployBot } = await newTeam();
    const { client: second } = await makeToken(alice, deployBot.id);
    for (const client of [deployBot, second]) await client.data('{ viewer { id } }');
    await alice.data(deleteServiceAccount, { input: { id: deployBot.id } });
    await makeServiceAccount(alice, 'deploy-bot');
    for (const client of [deployBot, second]) await itsTokenIsRefused(client);
  });

  it('withdraws its grants, and keeps its name where it created a key', async () => {
    const team = await newTeam();
    const { alice, bob, carol, deployBot } = team;
    const managers = [
      { granteeId: bob.id, permission: 'MANAGE' },
      { granteeId: carol.id, permission: 'USE' },
    ] as const;
    const id = await createKey(deployBot, { grants: managers });
    await alice.data(deleteServiceAccount, { input: { id: deployBot.id } });
    const { secretKey: seen } = await bob.data(secretKey, { id });
    expect([seen.createdBy, seen.grants]).to.deep.equal([
      { id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' },
      [
        { grantee: { id: bob.id, kind: 'PERSON', name: 'Bob' }, permission: 'MANAGE' },
        { grantee: { id: carol.id, kind: 'PERSON', name: 'Carol' }, permission: 'USE' },
      ],
    ]);
    expect((await signedAccess(team, id)).grants).to.have.deep.members(managers);
  });

  it('gives the first answer to a repeated request, and NOT_FOUND to another one', async () => {
    const { alice, deployBot } = await newTeam();
    const input = { id: deployBot.id, clientMutationId: 'a-key' };
    const first = await alice.ask(deleteServiceAccount, { input });
    expect(first.errors).to.equal(undefined);
    expect((await alice.ask(deleteServiceAccount, { input })).text).to.equal(first.text);
    expect(await alice.refusal(deleteServiceAccount, { input: { id: deployBot.id } })).to.deep.equal({
      code: 'NOT_FOUND',
    });
  });
});
