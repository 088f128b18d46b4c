import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { basicServiceAccount, makeServiceAccount, makeToken, usualServiceAccount } from '../../support/membership.js';
import { revokeServiceAccountToken, serviceAccountById } from '../../support/membership-operations.js';

describe('serviceAccount', () => {
  it('shows everything to administrators and auditors, and to members what the account is', async () => {
    const team = await newTeam();
    const whole = await usualServiceAccount(team);
    const { id } = whole;
    for (const client of [team.alice, team.dave]) {
      expect(await client.data(serviceAccountById, { id })).to.deep.equal({ serviceAccount: whole });
    }
    expect(await team.bob.data(serviceAccountById, { id })).to.deep.equal({
      serviceAccount: basicServiceAccount(whole),
    });
  });

  it('shows an account its own tokens, and of another one what it is', async () => {
    const team = await newTeam();
    const id = await makeServiceAccount(team.alice, 'ci-bot');
    const { client: ciBot, id: tokenId } = await makeToken(team.alice, id);
    const { serviceAccount: own } = await ciBot.data(serviceAccountById, { id });
    const { serviceAccount: administered } = await team.alice.data(serviceAccountById, { id });
    expect(own).to.deep.equal(administered);
    expect([own.createdBy, own.tokens.map((token: { id: string }) => token.id)]).to.deep.equal([
      { id: team.alice.id, kind: 'PERSON', name: 'Alice' },
      [tokenId],
    ]);
    expect((await team.deployBot.data(serviceAccountById, { id })).serviceAccount).to.deep.equal(
      basicServiceAccount(own),
    );
  });

  it('lists its tokens from the earliest, the revoked ones included', async () => {
    const { alice } = await newTeam();
    const id = await makeServiceAccount(alice);
    const tokens = [];
    for (let index = 0; index < 3; index += 1) tokens.push((await makeToken(alice, id)).id);
    await alice.data(revokeServiceAccountToken, { input: { serviceAccountId: id, id: tokens[1] } });
    const { serviceAccount } = await alice.data(serviceAccountById, { id });
    expect(
      serviceAccount.tokens.map((token: { id: string; revokedAt: string | null }) => [
        token.id,
        token.revokedAt !== null,
      ]),
    ).to.deep.equal(tokens.map((token, index) => [token, index === 1]));
  });
});
