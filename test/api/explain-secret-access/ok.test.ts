import { expect } from 'chai';
import { type Client, newTeam } from '../../support/api.js';
import { explainSecretAccess, viewer } from '../../support/operations.js';
import { addGroups } from '../../support/people.js';
import { createKey } from '../../support/secret-keys.js';

const whys: Readonly<Record<string, string>> = {
  'secret-key/use-by-grant':
    'The key was shared with this principal, one of their groups, or the whole team. An admin needs that as anyone does.',
  'secret-key/manage-by-grant': 'A Manage grant hands over the key, and with it the right to hand out Use and Manage.',
  'secret-key/admin-manage':
    'An admin repairs metadata and access when a manager is gone. To use the key they grant it first, which is recorded.',
  'secret-key/auditor-read': 'An auditor checks who has which key and what happened to it.',
  'secret-key/auditor-changes-nothing':
    'An auditor changes and triggers nothing, whatever grant they or their groups hold.',
};

describe('explainSecretAccess', () => {
  it('names the rule that decides, in its own words, and every grant that reaches somebody', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave, deployBot, growth, platform } = team;
    const id = await createKey(bob, {
      grants: [
        { granteeId: growth, permission: 'USE' },
        { granteeId: platform, permission: 'USE' },
        { granteeId: deployBot.id, permission: 'MANAGE' },
        { granteeId: dave.id, permission: 'USE' },
      ],
    });
    const shared = await createKey(alice, { level: 'TEAM' });
    const restricted = await createKey(bob);
    const { policyVersion } = (await alice.data(viewer)).viewer;

    const person = ({ id: granteeId, name }: Client) => ({ id: granteeId, kind: 'PERSON', name });
    const direct = (who: Client, permission: string) => ({ kind: 'DIRECT', permission, through: person(who) });
    const group = (groupId: string, name: string) => ({
      kind: 'GROUP',
      permission: 'USE',
      through: { id: groupId, kind: 'GROUP', name },
    });
    const bot = {
      kind: 'DIRECT',
      permission: 'MANAGE',
      through: { id: deployBot.id, kind: 'SERVICE_ACCOUNT', name: 'deploy-bot' },
    };
    const everyone = { kind: 'TEAM', permission: 'USE', through: null };
    const cases: readonly (readonly [
      key: string,
      who: Client,
      action: string,
      allowed: boolean,
      ruleId: string | null,
      paths: readonly unknown[],
    ])[] = [
      [id, bob, 'USE', true, 'secret-key/use-by-grant', [direct(bob, 'MANAGE'), group(growth, 'Growth')]],
      [id, bob, 'SET_ACCESS', true, 'secret-key/manage-by-grant', [direct(bob, 'MANAGE'), group(growth, 'Growth')]],
      [id, carol, 'USE', true, 'secret-key/use-by-grant', [group(platform, 'Platform')]],
      [id, carol, 'DELETE', false, null, [group(platform, 'Platform')]],
      [id, alice, 'RENAME', true, 'secret-key/admin-manage', [group(platform, 'Platform')]],
      [id, deployBot, 'UPDATE_VALUE', true, 'secret-key/manage-by-grant', [bot]],
      [id, dave, 'READ', true, 'secret-key/auditor-read', [direct(dave, 'USE')]],
      [id, dave, 'USE', false, 'secret-key/auditor-changes-nothing', [direct(dave, 'USE')]],
      [restricted, alice, 'USE', false, null, []],
      [restricted, alice, 'RESTORE', true, 'secret-key/admin-manage', []],
      [restricted, carol, 'READ', false, null, []],
      [shared, carol, 'USE', true, 'secret-key/use-by-grant', [everyone]],
      [shared, alice, 'SET_USE', true, 'secret-key/admin-manage', [direct(alice, 'MANAGE'), everyone]],
    ];
    for (const [secretKeyId, who, action, allowed, ruleId, paths] of cases) {
      const args = { secretKeyId, granteeId: who.id, action };
      const why = ruleId === null ? null : whys[ruleId];
      expect(await alice.data(explainSecretAccess, args)).to.deep.equal({
        explainSecretAccess: { secretKeyId, action, allowed, ruleId, why, policyVersion, paths },
      });
    }
  });

  it('gives a manager, an administrator and an auditor the same answer', async () => {
    const team = await newTeam();
    const { alice, bob, carol, dave } = team;
    const [group = ''] = await addGroups(team, 1, [carol]);
    const id = await createKey(bob, { grants: [{ granteeId: group, permission: 'MANAGE' }] });
    const ask = (client: Client) =>
      client.data(explainSecretAccess, { secretKeyId: id, granteeId: carol.id, action: 'SET_USE' });
    const [first, ...others] = await Promise.all([bob, carol, alice, dave].map(ask));
    expect(first.explainSecretAccess.allowed).to.equal(true);
    for (const other of others) expect(other).to.deep.equal(first);
  });
});
