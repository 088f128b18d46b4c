import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, itsTokenIsRefused, makeToken, unchangedMembership } from '../../support/membership.js';
import {
  deactivateServiceAccount,
  revokeServiceAccountToken,
  serviceAccountById,
} from '../../support/membership-operations.js';

describe('revokeServiceAccountToken', () => {
  it('shows since when the token lets nobody in, and writes nothing when it was revoked before', async () => {
    const team = await newTeam();
    const { alice, deployBot } = team;
    const { id } = await makeToken(alice, deployBot.id);
    const shown = async () => (await alice.data(serviceAccountById, { id: deployBot.id })).serviceAccount.tokens;
    const [usual, made] = await shown();
    const started = Date.now();
    const input = { serviceAccountId: deployBot.id, id };
    const { revokeServiceAccountToken: revoked } = await alice.data(revokeServiceAccountToken, { input });
    const revokedAt = instantSince(started, revoked.serviceAccountToken.revokedAt);
    expect(revoked).to.deep.equal({ serviceAccountToken: { ...made, revokedAt } });
    expect(await shown()).to.deep.equal([usual, { ...made, revokedAt }]);
    expect(await unchangedMembership(team, () => alice.data(revokeServiceAccountToken, { input }))).to.deep.equal({
      revokeServiceAccountToken: revoked,
    });
  });

  it('turns the token away on the next request, and no other token of the account', async () => {
    const { alice, deployBot } = await newTeam();
    const { id, client } = await makeToken(alice, deployBot.id);
    expect(await client.data('{ viewer { id } }')).to.deep.equal({ viewer: { id: deployBot.id } });
    await alice.data(revokeServiceAccountToken, { input: { serviceAccountId: deployBot.id, id } });
    await itsTokenIsRefused(client);
    expect(await deployBot.data('{ viewer { id } }')).to.deep.equal({ viewer: { id: deployBot.id } });
  });

  it('revokes a token of a deactivated account too', async () => {
    const { alice, deployBot } = await newTeam();
    const { id } = await makeToken(alice, deployBot.id);
    await alice.data(deactivateServiceAccount, { input: { id: deployBot.id } });
    const input = { serviceAccountId: deployBot.id, id };
    const { revokeServiceAccountToken: revoked } = await alice.data(revokeServiceAccountToken, { input });
    expect(revoked.serviceAccountToken.revokedAt).to.be.a('string');
  });
});
