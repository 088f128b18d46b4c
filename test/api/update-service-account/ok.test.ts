import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { instantSince, unchangedMembership, usualServiceAccount } from '../../support/membership.js';
import { serviceAccountById, updateServiceAccount } from '../../support/membership-operations.js';

describe('updateServiceAccount', () => {
  it('changes a name and a description, each alone, and removes a description with null or the empty text', async () => {
    const team = await newTeam();
    const { alice } = team;
    const usual = await usualServiceAccount(team);
    const { id } = usual;
    let expected: object = usual;
    const changes: readonly (readonly [change: object, result: object])[] = [
      [{ description: 'Deploys.' }, { description: 'Deploys.' }],
      [{ name: ' Deploy-Bot ' }, { name: 'Deploy-Bot' }],
      [{ name: null, description: null }, { description: null }],
      [
        { name: 'ci-bot', description: 'Builds.' },
        { name: 'ci-bot', description: 'Builds.' },
      ],
      [{ description: '' }, { description: null }],
    ];
    for (const [change, result] of changes) {
      const started = Date.now();
      const { updateServiceAccount: updated } = await alice.data(updateServiceAccount, { input: { id, ...change } });
      expected = { ...expected, ...result, updatedAt: instantSince(started, updated.serviceAccount.updatedAt) };
      expect(updated).to.deep.equal({ serviceAccount: expected });
      expect(await alice.data(serviceAccountById, { id })).to.deep.equal(updated);
    }
    expect(await team.deployBot.data('{ viewer { name } }')).to.deep.equal({ viewer: { name: 'ci-bot' } });
  });

  it('writes nothing when everything is the same already', async () => {
    const team = await newTeam();
    const serviceAccount = await usualServiceAccount(team);
    for (const change of [{}, { name: 'deploy-bot' }, { name: ' deploy-bot', description: null }]) {
      const input = { id: serviceAccount.id, ...change };
      expect(await unchangedMembership(team, () => team.alice.data(updateServiceAccount, { input }))).to.deep.equal({
        updateServiceAccount: { serviceAccount },
      });
    }
  });
});
