import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { makeGroup } from '../../support/membership.js';
import { deleteGroup, groupById, groups } from '../../support/membership-operations.js';
import { grantees, renameSecretKey, secretKey, secretKeys } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';
import { signedAccess } from '../../support/stored.js';

describe('deleteGroup', () => {
  it('takes the group from every list, and frees its name', async () => {
    const { alice, bob, growth } = await newTeam();
    expect(await alice.data(deleteGroup, { input: { id: growth } })).to.deep.equal({
      deleteGroup: { deletedId: growth },
    });
    const { groups: page } = await bob.data(groups);
    expect([page.nodes.map(({ name }: { name: string }) => name), page.totalCount]).to.deep.equal([['Platform'], 1]);
    expect(await alice.data(groupById, { id: growth })).to.deep.equal({ group: null });
    expect((await bob.data(grantees, { search: 'Growth' })).grantees.nodes).to.deep.equal([]);
    expect(await bob.data('{ viewer { groups { id } } }')).to.deep.equal({ viewer: { groups: [] } });
    expect(await makeGroup(alice, [], 'Growth')).not.to.equal(growth);
  });

  it('withdraws its grants: its members get NOT_FOUND on the next request, and others keep what they had', async () => {
    const team = await newTeam();
    const { alice, bob, carol, deployBot, growth } = team;
    const id = await createKey(carol, {
      name: 'Payments',
      grants: [
        { granteeId: growth, permission: 'MANAGE' },
        { granteeId: deployBot.id, permission: 'USE' },
      ],
    });
    await bob.data(renameSecretKey, { input: { id, name: 'Invoices' } });
    await alice.data(deleteGroup, { input: { id: growth } });
    expect(await bob.refusal(renameSecretKey, { input: { id, name: 'Mine' } })).to.deep.equal({ code: 'NOT_FOUND' });
    expect(await bob.data(secretKey, { id })).to.deep.equal({ secretKey: null });
    expect((await bob.data(secretKeys)).secretKeys.totalCount).to.equal(0);
    expect((await deployBot.data(secretKey, { id })).secretKey.name).to.equal('Invoices');
    const { secretKey: seen } = await carol.data(secretKey, { id });
    expect([seen.grants, seen.accessRevision]).to.deep.equal([
      [
        { grantee: { id: carol.id, kind: 'PERSON', name: 'Carol' }, permission: 'MANAGE' },
        { grantee: { id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' }, permission: 'USE' },
      ],
      2,
    ]);
    expect((await signedAccess(team, id)).accessRevision).to.equal(2);
  });

  it('gives the first answer to a repeated request, and NOT_FOUND to another one', async () => {
    const { alice, growth } = await newTeam();
    const input = { id: growth, clientMutationId: 'a-key' };
    const first = await alice.ask(deleteGroup, { input });
    expect(first.errors).to.equal(undefined);
    expect((await alice.ask(deleteGroup, { input })).text).to.equal(first.text);
    expect(await alice.refusal(deleteGroup, { input: { id: growth } })).to.deep.equal({ code: 'NOT_FOUND' });
  });
});
