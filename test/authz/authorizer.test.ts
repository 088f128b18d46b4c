import { expect } from 'chai';
import { type Access, loadPolicies, type PolicySubject } from '../../src/authz/index.js';
import type { GranteeId } from '../../src/ids.js';
import type { Principal } from '../../src/principal.js';
import { admin, auditor, member, policiesFrom } from './policy-folder.js';

const policies = loadPolicies('policies');
const loner: Principal = { ...member, id: 'lea' as GranteeId, groupIds: [], granteeIds: [] };

const key = (attributes: PolicySubject['attributes'] = {}): PolicySubject => ({
  type: 'SecretKey',
  attributes: {
    organizationId: 'acme',
    accessLevel: 'RESTRICTED',
    createdById: null,
    'grantees(use)': ['ops'],
    'grantees(manage)': [],
    ...attributes,
  },
});

const withRules = (...rules: string[]) => policiesFrom({ 'rules/test.yaml': rules.join('') });
const rule = (id: string, effect: string, when: string, actions = 'use', fields = ''): string => `
- id: ${id}
  effect: ${effect}
  to: [member]
  actions: [${actions}]
  subject: SecretKey
  ${fields}
  when: { ${when} }
  why: Because.
`;
const own = 'organizationId: principal.organizationId';

describe('decide', () => {
  it('names the rule that allows, and the policies it belongs to', () => {
    expect(policies.authorize(member).decide('use', key())).to.deep.equal({
      effect: 'allow',
      ruleId: 'secret-key/use-by-grant',
      policyVersion: policies.version,
    });
  });

  it('denies by no rule what no rule allows', () => {
    expect(policies.authorize(member).decide('rename', key())).to.deep.equal({
      effect: 'deny',
      ruleId: null,
      policyVersion: policies.version,
    });
  });

  it('denies everything in another organization, also to its admin', () => {
    const elsewhere = policies.authorize(admin);
    const foreign = key({ organizationId: 'globex', 'grantees(use)': ['ada'], 'grantees(manage)': ['ada'] });
    const actions = policies.catalogue.subjects.get('SecretKey')?.actions ?? [];
    expect(actions.filter((action) => elsewhere.can(action, foreign))).to.deep.equal([]);
  });

  it('names the first of several matching rules by id, in whichever order they are written', () => {
    const rules = [rule('b', 'allow', own), rule('a', 'allow', own), rule('c', 'allow', own)];
    for (const ordered of [rules, rules.toReversed()]) {
      expect(
        withRules(...ordered)
          .authorize(member)
          .decide('use', key()).ruleId,
      ).to.equal('a');
    }
  });

  it('read without a field is allowed by a rule for any field, and taken away by a deny without fields alone', () => {
    const reads = rule('allow', 'allow', own, 'read', 'fields: [id, name]');
    const hidesName = withRules(reads, rule('deny', 'deny', own, 'read', 'fields: [name]')).authorize(member);
    expect([
      hidesName.can('read', key()),
      hidesName.can('read', key(), 'id'),
      hidesName.can('read', key(), 'name'),
    ]).to.deep.equal([true, true, false]);
    const hidesAll = withRules(reads, rule('deny', 'deny', own, 'read')).authorize(member);
    expect([hidesAll.can('read', key()), hidesAll.can('read', key(), 'id')]).to.deep.equal([false, false]);
  });

  it('takes an attribute of the principal as a value, whatever text it holds', () => {
    const odd: Principal = { ...member, id: 'principal.role' as GranteeId };
    const authorizer = withRules(rule('a', 'allow', `${own}, createdById: principal.id`)).authorize(odd);
    expect(authorizer.can('use', key({ createdById: 'principal.role' }))).to.equal(true);
    expect(authorizer.can('use', key({ createdById: 'MEMBER' }))).to.equal(false);
  });

  it('gives a principal without a role nothing', () => {
    const nobody: Principal = { ...member, role: null };
    expect(policies.authorize(nobody).decide('use', key()).effect).to.equal('deny');
  });
});

describe('accessibleBy', () => {
  const access = (principal: Principal, action: string): Access =>
    policies.authorize(principal).accessibleBy(action, 'SecretKey');

  it('is the whole organization where a rule asks for nothing else', () => {
    expect(access(admin, 'read')).to.deep.equal({ kind: 'organization' });
    expect(access(auditor, 'read')).to.deep.equal({ kind: 'organization' });
  });

  it('is a membership where rules ask for one set alone', () => {
    expect(access(member, 'rename')).to.deep.equal({
      kind: 'membership',
      attribute: 'grantees(manage)',
      values: ['max', 'ops', 'acme'],
    });
  });

  it('leaves out a set that lies in another one', () => {
    expect(access(member, 'read')).to.deep.equal({
      kind: 'membership',
      attribute: 'grantees(use)',
      values: ['max', 'ops', 'acme'],
    });
  });

  it('joins the values of several rules over one set', () => {
    const joined = withRules(
      rule('a', 'allow', `${own}, grantees(use): { in: principal.groupIds }`),
      rule('b', 'allow', `${own}, grantees(use): { in: [eve, ops] }`),
    );
    expect(joined.authorize(member).accessibleBy('use', 'SecretKey')).to.deep.equal({
      kind: 'membership',
      attribute: 'grantees(use)',
      values: ['ops', 'eve'],
    });
  });

  it('is nothing without a rule, under a deny of everything, and for an empty list', () => {
    expect(access({ ...member, role: null }, 'use')).to.deep.equal({ kind: 'none' });
    expect(access(auditor, 'use')).to.deep.equal({ kind: 'none' });
    expect(access(loner, 'use')).to.deep.equal({ kind: 'none' });
  });

  it('is a condition that binds the organization for anything else', () => {
    const mixed = withRules(
      rule('a', 'allow', `${own}, createdById: principal.id`),
      rule('b', 'deny', 'accessLevel: TEAM'),
    );
    expect(mixed.authorize(member).accessibleBy('use', 'SecretKey')).to.deep.equal({
      kind: 'condition',
      condition: {
        op: 'and',
        conditions: [
          { op: 'eq', attribute: 'organizationId', value: 'acme' },
          {
            op: 'and',
            conditions: [
              { op: 'eq', attribute: 'createdById', value: 'max' },
              { op: 'not', condition: { op: 'eq', attribute: 'accessLevel', value: 'TEAM' } },
            ],
          },
        ],
      },
    });
  });

  it('throws for a subject or action that the catalogue does not have', () => {
    expect(() => access(admin, 'utilize')).to.throw('The policy catalogue has no action "utilize" on SecretKey.');
    expect(() => policies.authorize(admin).accessibleBy('read', 'Vault')).to.throw(
      'The policy catalogue has no subject "Vault".',
    );
  });
});

describe('fieldMask', () => {
  it('is always or never for what is taken from the request itself', () => {
    expect(policies.authorize(member).fieldMask('Operation', 'secretKeys', 'call')).to.equal('always');
    expect(policies.authorize(member).fieldMask('Operation', 'addMember', 'call')).to.equal('never');
    expect(policies.authorize(auditor).fieldMask('Operation', 'createSecretKey', 'call')).to.equal('never');
    expect(policies.authorize(member).fieldMask('Envelope', 'pageInfo')).to.equal('always');
  });

  it('still binds the organization for objects that a rule opens as a whole', () => {
    const mask = policies.authorize(admin).fieldMask('SecretKey', 'grants');
    if (typeof mask !== 'function') throw new Error('not decided by row');
    expect([mask(key()), mask(key({ organizationId: 'globex' }))]).to.deep.equal([true, false]);
  });

  it('is never for a field that no rule of the principal names', () => {
    expect(policies.authorize({ ...member, kind: 'SERVICE_ACCOUNT', role: null }).fieldMask('Member', 'role')).to.equal(
      'never',
    );
  });

  it('is one function for fields under the same conditions, and another one for others', () => {
    const authorizer = policies.authorize(member);
    const name = authorizer.fieldMask('SecretKey', 'name');
    expect(authorizer.fieldMask('SecretKey', 'allowedHosts')).to.equal(name);
    expect(authorizer.fieldMask('SecretKey', 'grants')).not.to.equal(name);
    expect(policies.authorize({ ...member, id: 'eve' as GranteeId }).fieldMask('SecretKey', 'name')).not.to.equal(name);
    const all = policies.authorize(admin);
    expect(all.fieldMask('SecretKey', 'name')).to.equal(all.fieldMask('SecretKey', 'grants'));
  });

  it('throws for a subject of another type', () => {
    const mask = policies.authorize(admin).fieldMask('SecretKey', 'name');
    if (typeof mask !== 'function') throw new Error('not decided by row');
    expect(() => mask({ type: 'Group', attributes: { organizationId: 'acme' } })).to.throw(
      'A condition over SecretKey was asked about Group.',
    );
  });
});

describe('verdict', () => {
  it('of an action is the function of every action and field under the same conditions', () => {
    const authorizer = policies.authorize(member);
    const rename = authorizer.verdict('rename', 'SecretKey');
    expect(authorizer.verdict('delete', 'SecretKey')).to.equal(rename);
    expect(authorizer.fieldMask('SecretKey', 'grants')).to.equal(rename);
    expect(authorizer.verdict('use', 'SecretKey')).not.to.equal(rename);
  });

  it('is never where a rule forbids everything, whatever grants there are', () => {
    expect(policies.authorize(auditor).verdict('use', 'SecretKey')).to.equal('never');
  });
});

describe('authorize', () => {
  it('gives an equal principal the same authorizer, and one that differs in anything another', () => {
    const authorizer = policies.authorize(member);
    expect(policies.authorize(structuredClone(member))).to.equal(authorizer);
    const others: Principal[] = [
      { ...member, id: 'eve' as GranteeId },
      { ...member, organizationId: 'globex' as Principal['organizationId'] },
      { ...member, role: 'ADMIN' },
      { ...member, kind: 'SERVICE_ACCOUNT' },
      { ...member, groupIds: [] },
      { ...member, granteeIds: [...member.granteeIds, 'globex'] },
    ];
    expect(others.map((other) => policies.authorize(other) === authorizer)).to.deep.equal(others.map(() => false));
  });

  it('forgets the authorizer that was used longest ago', () => {
    const authorizer = policies.authorize(member);
    for (let index = 0; index < 1_000; index += 1)
      policies.authorize({ ...member, id: `person-${index}` as GranteeId });
    expect(policies.authorize(member)).not.to.equal(authorizer);
  });
});

describe('the policy version', () => {
  const a = rule('a', 'allow', own);
  const b = rule('b', 'allow', own);
  const version = withRules(a, b).version;

  it('stays when only layout, comments, order or files change', () => {
    expect(version).to.match(/^sha256:[0-9a-f]{16}$/);
    expect(withRules(b, '# a comment\n', a).version).to.equal(version);
    expect(policiesFrom({ 'rules/one.yaml': a, 'rules/two.yaml': b }).version).to.equal(version);
  });

  it('changes with what a rule says', () => {
    expect(withRules(a, b.replace('[use]', '[rename]')).version).not.to.equal(version);
  });
});
