import { expect } from 'chai';
import { type Explanation, explainDecision } from '../../../src/authz/index.js';
import { missingIn } from '../../../src/modules/secret-key/explain-secret-access.js';
import type { Principal } from '../../../src/principal.js';
import { auditor, member, policiesFrom } from '../../authz/policy-folder.js';
import { type Client, newTeam } from '../../support/api.js';
import { createKey } from '../../support/secret-keys.js';

const explain = `query ($secretKeyId: ID!, $granteeId: ID!, $action: SecretKeyAction!) {
  explainSecretAccess(secretKeyId: $secretKeyId, granteeId: $granteeId, action: $action) {
    allowed ruleId why nearestRuleId nearestRuleWhy missing
  }
}`;

const useByGrant = {
  nearestRuleId: 'secret-key/use-by-grant',
  nearestRuleWhy:
    'The key was shared with this principal, one of their groups, or the whole team. An admin needs that as anyone does.',
};
const nothingNear = { nearestRuleId: null, nearestRuleWhy: null };

describe('explainSecretAccess of what somebody may not do', () => {
  it('names the rule that comes nearest and what it misses, or how the rule that denies would not', async () => {
    const { alice, bob, carol, dave } = await newTeam();
    const id = await createKey(bob);
    const ask = async (who: Client, action: string) =>
      (await bob.data(explain, { secretKeyId: id, granteeId: who.id, action })).explainSecretAccess;

    const undecided = { allowed: false, ruleId: null, why: null };
    const needsUse = {
      ...undecided,
      ...useByGrant,
      missing: [
        'A grant of Use or Manage, or Team access, would have to reach them: grantees(use): { in: principal.granteeIds }.',
      ],
    };
    expect(await ask(carol, 'USE')).to.deep.equal(needsUse);
    expect(await ask(alice, 'USE')).to.deep.equal(needsUse);
    expect(await ask(carol, 'SET_USE')).to.deep.equal({
      ...undecided,
      nearestRuleId: 'secret-key/manage-by-grant',
      nearestRuleWhy: 'A Manage grant hands over the key, and with it the right to hand out Use and Manage.',
      missing: ['A grant of Manage would have to reach them: grantees(manage): { in: principal.granteeIds }.'],
    });
    expect(await ask(dave, 'USE')).to.deep.equal({
      allowed: false,
      ruleId: 'secret-key/auditor-changes-nothing',
      why: 'An auditor changes and triggers nothing, whatever grant they or their groups hold.',
      ...nothingNear,
      missing: ['They would have to be other than an auditor: a deny beats every allow.'],
    });
    expect(await ask(bob, 'USE')).to.deep.equal({
      allowed: true,
      ruleId: 'secret-key/use-by-grant',
      why: useByGrant.nearestRuleWhy,
      ...nothingNear,
      missing: [],
    });
  });

  it('says the same of a key that is shared with others, so that it tells nobody with whom', async () => {
    const { bob, carol, deployBot, growth } = await newTeam();
    const alone = await createKey(bob);
    const shared = await createKey(bob, {
      grants: [
        { granteeId: growth, permission: 'USE' },
        { granteeId: deployBot.id, permission: 'MANAGE' },
      ],
    });
    const ask = (secretKeyId: string) => bob.data(explain, { secretKeyId, granteeId: carol.id, action: 'USE' });
    expect(await ask(shared)).to.deep.equal(await ask(alone));
  });
});

const rules = `
- id: secret-key/use
  effect: allow
  to: [member]
  actions: [use]
  subject: SecretKey
  when:
    organizationId: principal.organizationId
    accessLevel: TEAM
    createdById: principal.id
    grantees(manage): { in: principal.groupIds }
  why: Because.
- id: secret-key/keep
  effect: deny
  to: [member]
  actions: [delete]
  subject: SecretKey
  when:
    organizationId: principal.organizationId
    grantees(use): { in: [contractors] }
  why: Because.
`;

describe('what is missing', () => {
  const explained = (principal: Principal, action: string): Explanation =>
    explainDecision(policiesFrom({ 'rules/all.yaml': rules }), principal, action, {
      type: 'SecretKey',
      attributes: {
        organizationId: 'acme',
        accessLevel: 'RESTRICTED',
        createdById: 'somebody',
        'grantees(use)': ['contractors'],
        'grantees(manage)': [],
      },
    });
  const all = () => true;
  const unseen = 'Something that you may not see would have to be otherwise.';

  it('is every term that does not hold, and the role', () => {
    const terms = [
      'This would have to be true: accessLevel: TEAM.',
      'This would have to be true: createdById: principal.id.',
      'A grant of Manage would have to reach them: grantees(manage): { in: principal.groupIds }.',
    ];
    expect(missingIn(explained(member, 'use'), all)).to.deep.equal(terms);
    expect(missingIn(explained(auditor, 'use'), all)).to.deep.equal(['They would have to be a member.', ...terms]);
  });

  it('is either the role or a term of a rule that denies', () => {
    expect(missingIn(explained(member, 'delete'), all)).to.deep.equal([
      'They would have to be other than a member: a deny beats every allow.',
      'This would have to be false: grantees(use): { in: [contractors] }.',
    ]);
  });

  it('is not told of what the caller may not read', () => {
    const sees = (field: string) => field === 'accessLevel';
    expect(missingIn(explained(member, 'use'), sees)).to.deep.equal([
      'This would have to be true: accessLevel: TEAM.',
      unseen,
    ]);
    expect(missingIn(explained(member, 'delete'), sees)).to.deep.equal([
      'They would have to be other than a member: a deny beats every allow.',
      unseen,
    ]);
  });

  it('is said to be a rule when none allows it to anyone', () => {
    expect(missingIn(explained(member, 'restore'), all)).to.deep.equal(['No rule allows this to anyone.']);
  });
});
