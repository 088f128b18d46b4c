import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, itsTokenIsRefused, unchangedMembership, usualServiceAccount } from '../../support/membership.js';
import { deactivateServiceAccount, serviceAccountById } from '../../support/membership-operations.js';
import { secretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('deactivateServiceAccount', () => {
  it('keeps the tokens, and writes nothing when it was done before', async () => {
    const team = await newTeam();
    const { alice } = team;
    const usual = await usualServiceAccount(team);
    const input = { id: usual.id };
    const started = Date.now();
    const { deactivateServiceAccount: gone } = await alice.data(deactivateServiceAccount, { input });
    const { updatedAt } = gone.serviceAccount;
    expect(gone).to.deep.equal({
      serviceAccount: { ...usual, state: 'DEACTIVATED', updatedAt: instantSince(started, updatedAt) },
    });
    expect(await alice.data(serviceAccountById, input)).to.deep.equal(gone);
    expect(await unchangedMembership(team, () => alice.data(deactivateServiceAccount, { input }))).to.deep.equal({
      deactivateServiceAccount: gone,
    });
  });

  it('turns the account away on the next request, and keeps its grants', async () => {
    const { alice, bob, deployBot } = await newTeam();
    const id = await createKey(bob, { grants: [{ granteeId: deployBot.id, permission: 'USE' }] });
    expect((await deployBot.data(secretKey, { id })).secretKey.id).to.equal(id);
    await alice.data(deactivateServiceAccount, { input: { id: deployBot.id } });
    await itsTokenIsRefused(deployBot);
    const { secretKey: seen } = await bob.data(secretKey, { id });
    expect(seen.grants.map(({ grantee }: { grantee: { name: string } }) => grantee.name)).to.deep.equal([
      'Bob',
      'deploy-bot',
    ]);
  });
});
