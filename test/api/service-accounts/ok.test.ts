import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import {
  basicServiceAccount,
  itPagesBothWays,
  makeServiceAccount,
  searchesOf,
  usualServiceAccount,
} from '../../support/membership.js';
import {
  deactivateServiceAccount,
  deleteServiceAccount,
  serviceAccounts,
} from '../../support/membership-operations.js';
import { addServiceAccounts } from '../../support/people.js';

describe('serviceAccounts', () => {
  it('shows administrators and auditors everything, other people what the account is, and none elsewhere', async () => {
    const team = await newTeam();
    await makeServiceAccount(team.stranger);
    const whole = await usualServiceAccount(team);
    for (const [client, node] of [
      [team.alice, whole],
      [team.dave, whole],
      [team.bob, basicServiceAccount(whole)],
    ] as const) {
      const { serviceAccounts: page } = await client.data(serviceAccounts);
      expect(page).to.deep.equal({
        nodes: [node],
        pageInfo: { ...page.pageInfo, hasNextPage: false, hasPreviousPage: false },
        totalCount: 1,
        totalCountIsCapped: false,
      });
    }
  });

  it('shows a service account everything about itself alone', async () => {
    const team = await newTeam();
    const other = await makeServiceAccount(team.alice, 'another-bot');
    const { serviceAccounts: page } = await team.deployBot.data(serviceAccounts);
    const whole = await usualServiceAccount(team);
    const [token] = page.nodes[1].tokens;
    expect(Date.parse(token.lastUsedAt)).to.be.at.least(Date.parse(whole.createdAt));
    expect(page.nodes).to.deep.equal([
      { ...basicServiceAccount(whole), id: other, name: 'another-bot' },
      { ...whole, tokens: [{ ...whole.tokens[0], lastUsedAt: token.lastUsedAt }] },
    ]);
  });

  it('lists the deactivated ones too, narrows by state for everyone, and leaves out the deleted ones', async () => {
    const { alice, bob, deployBot } = await newTeam();
    const gone = await makeServiceAccount(alice, 'gone-bot');
    await alice.data(deleteServiceAccount, { input: { id: gone } });
    const idle = await makeServiceAccount(alice, 'idle-bot');
    await alice.data(deactivateServiceAccount, { input: { id: idle } });
    for (const client of [alice, bob, deployBot]) {
      for (const [state, names] of [
        [null, ['deploy-bot', 'idle-bot']],
        ['ACTIVE', ['deploy-bot']],
        ['DEACTIVATED', ['idle-bot']],
      ] as const) {
        const { serviceAccounts: page } = await client.data(serviceAccounts, { state });
        expect([page.nodes.map(({ name }: { name: string }) => name), page.totalCount]).to.deep.equal([
          names,
          names.length,
        ]);
      }
    }
  });

  it('finds part of a name in any case, with no character of special meaning', async () => {
    const { alice, bob } = await newTeam();
    await makeServiceAccount(alice, 'ci_bot 100%');
    const found = {
      'DEPLOY-': ['deploy-bot'],
      bot: ['ci_bot 100%', 'deploy-bot'],
      _: ['ci_bot 100%'],
      '%': ['ci_bot 100%'],
      '!': [],
      nobody: [],
    };
    expect(await searchesOf(bob, 'serviceAccounts', serviceAccounts, Object.keys(found))).to.deep.equal(found);
  });

  itPagesBothWays('serviceAccounts', serviceAccounts, 1, addServiceAccounts);
});
