import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import {
  instantSince,
  itsTokenIsRefused,
  makeToken,
  unchangedMembership,
  usualServiceAccount,
} from '../../support/membership.js';
import {
  deactivateServiceAccount,
  reactivateServiceAccount,
  revokeServiceAccountToken,
} from '../../support/membership-operations.js';
import { secretKey } from '../../support/operations.js';
import { createKey } from '../../support/secret-keys.js';

describe('reactivateServiceAccount', () => {
  it('lets the account in on the next request, with the tokens and grants that it had', async () => {
    const team = await newTeam();
    const { alice, bob, deployBot } = team;
    const usual = await usualServiceAccount(team);
    const id = await createKey(bob, { grants: [{ granteeId: deployBot.id, permission: 'USE' }] });
    await alice.data(deactivateServiceAccount, { input: { id: deployBot.id } });
    await itsTokenIsRefused(deployBot);
    const started = Date.now();
    const { reactivateServiceAccount: back } = await alice.data(reactivateServiceAccount, {
      input: { id: deployBot.id },
    });
    const { updatedAt } = back.serviceAccount;
    expect(back).to.deep.equal({ serviceAccount: { ...usual, updatedAt: instantSince(started, updatedAt) } });
    expect((await deployBot.data(secretKey, { id })).secretKey.id).to.equal(id);
  });

  it('revives no token that was revoked, also one of while the account was away', async () => {
    const { alice, deployBot } = await newTeam();
    const { id, client } = await makeToken(alice, deployBot.id);
    await alice.data(deactivateServiceAccount, { input: { id: deployBot.id } });
    await alice.data(revokeServiceAccountToken, { input: { serviceAccountId: deployBot.id, id } });
    const { client: madeMeanwhile } = await makeToken(alice, deployBot.id);
    await itsTokenIsRefused(madeMeanwhile);
    await alice.data(reactivateServiceAccount, { input: { id: deployBot.id } });
    await itsTokenIsRefused(client);
    for (const valid of [deployBot, madeMeanwhile]) {
      expect(await valid.data('{ viewer { id } }')).to.deep.equal({ viewer: { id: deployBot.id } });
    }
  });

  it('writes nothing when the account is active', async () => {
    const team = await newTeam();
    const serviceAccount = await usualServiceAccount(team);
    const input = { id: serviceAccount.id };
    expect(await unchangedMembership(team, () => team.alice.data(reactivateServiceAccount, { input }))).to.deep.equal({
      reactivateServiceAccount: { serviceAccount },
    });
  });
});
