/** What CASL does when left to itself, and that Nightsafe's policies are not left to it. */
import { createMongoAbility, subject as tagged } from '@casl/ability';
import { expect } from 'chai';
import { compileRules } from '../../src/authz/compile-rules.js';
import { type Condition, predicateOf } from '../../src/authz/conditions.js';
import { loadPolicies, type PolicySubject } from '../../src/authz/index.js';
import { admin, auditor, member, policiesFrom } from './policy-folder.js';

const policies = loadPolicies('policies');

const key = (attributes: Record<string, unknown> = {}): PolicySubject => ({
  type: 'SecretKey',
  attributes: {
    organizationId: 'acme',
    accessLevel: 'RESTRICTED',
    createdById: null,
    'grantees(use)': ['max'],
    'grantees(manage)': [],
    ...attributes,
  } as PolicySubject['attributes'],
});

const denying = (when: string) =>
  policiesFrom({
    'rules/secret-key.yaml': `
- id: a/allow
  effect: allow
  to: [member]
  actions: [use]
  subject: SecretKey
  when: { organizationId: principal.organizationId }
  why: Because.
- id: z/deny
  effect: deny
  to: [member]
  actions: [use]
  subject: SecretKey
  when: { ${when} }
  why: Because.
`,
  }).authorize(member);

describe('traps of CASL', () => {
  it('an unknown operator throws; CASL alone reads it as equality, and a deny under it denies nothing', () => {
    const condition = { op: 'almost', attribute: 'accessLevel', value: 'TEAM' } as unknown as Condition;
    const declaration = policies.catalogue.subjects.get('SecretKey');
    if (!declaration) throw new Error('the catalogue has no SecretKey');
    expect(() => predicateOf(condition, declaration)).to.throw('The fragment has no operator "almost".');
    const alone = createMongoAbility([
      { action: 'use', subject: 'SecretKey' },
      { action: 'use', subject: 'SecretKey', inverted: true, conditions: { accessLevel: { nin: ['TEAM'] } } },
    ]);
    expect(alone.can('use', tagged('SecretKey', { accessLevel: 'RESTRICTED' }))).to.equal(true);
  });

  for (const when of ['accessLevel: RESTRICTED', 'accessLevel: { ne: TEAM }', 'createdById: { nin: [eve] }']) {
    it(`a missing attribute throws under "${when}" and passes no deny rule; CASL alone lets it pass`, () => {
      const attribute = when.split(':')[0] ?? '';
      expect(denying(when).decide('use', key()).ruleId).to.equal('z/deny');
      expect(() => denying(when).decide('use', key({ [attribute]: undefined }))).to.throw(
        `A policy rule needs the attribute SecretKey.${attribute}, which the subject does not carry.`,
      );
      const alone = createMongoAbility([
        { action: 'use', subject: 'SecretKey' },
        { action: 'use', subject: 'SecretKey', inverted: true, conditions: { accessLevel: 'RESTRICTED' } },
      ]);
      expect(alone.can('use', tagged('SecretKey', {}))).to.equal(true);
    });
  }

  it('an attribute of another type than the catalogue declares throws, and does not merely differ', () => {
    const wrong: [string, unknown][] = [
      ['organizationId', 7],
      ['organizationId', null],
      ['organizationId', ['acme']],
      ['grantees(use)', 'max'],
    ];
    for (const [attribute, value] of wrong) {
      expect(() => policies.authorize(member).decide('use', key({ [attribute]: value })), attribute).to.throw(
        `A policy rule needs the attribute SecretKey.${attribute}, which the subject does not carry.`,
      );
    }
  });

  it('a missing attribute throws even where another attribute already says no', () => {
    const elsewhere = key({ organizationId: 'globex', 'grantees(use)': undefined });
    expect(() => policies.authorize(member).decide('use', elsewhere)).to.throw('SecretKey.grantees(use)');
  });

  it('a bare type in place of a subject throws; CASL alone ignores conditions for it', () => {
    const bare = 'SecretKey' as unknown as PolicySubject;
    expect(() => policies.authorize(member).decide('use', bare)).to.throw('The policy catalogue has no subject');
    const alone = createMongoAbility([{ action: 'use', subject: 'SecretKey', conditions: { accessLevel: 'TEAM' } }]);
    expect(alone.can('use', 'SecretKey')).to.equal(true);
  });

  it('an empty field throws; CASL alone takes it for any field', () => {
    expect(() => policies.authorize(admin).decide('read', key(), '')).to.throw(
      'The policy catalogue has no field "" to read on SecretKey.',
    );
    const alone = createMongoAbility([{ action: 'read', subject: 'SecretKey', fields: ['name'] }]);
    expect(alone.can('read', 'SecretKey', '')).to.equal(true);
  });

  it('names that CASL reads as everything are names of nothing', () => {
    const authorizer = policies.authorize(admin);
    expect(() => authorizer.decide('manage', key())).to.throw('no action "manage" on SecretKey');
    expect(() => authorizer.decide('*', key())).to.throw('no action "*" on SecretKey');
    expect(() => authorizer.accessibleBy('read', 'all')).to.throw('no subject "all"');
    expect(() => authorizer.decide('read', { type: '*', attributes: {} })).to.throw('no subject "*"');
    expect(() => authorizer.decide('read', key(), 'name*')).to.throw('no field "name*" to read on SecretKey');
  });

  it('a value is never asked for: it is a field of no action', () => {
    expect(() => policies.authorize(admin).decide('read', key(), 'value')).to.throw(
      'no field "value" to read on SecretKey',
    );
    expect(() => policies.authorize(admin).fieldMask('SecretKey', 'value')).to.throw('no field "value"');
    expect(() => policies.authorize(admin).decide('use', key(), 'value')).to.throw(
      'no field "value" to use on SecretKey',
    );
  });

  it('a deny beats every allow in whichever order they are written; in CASL alone the last one wins', () => {
    const compiled = [policies.rules, policies.rules.toReversed()].map((rules) => compileRules(rules, ['auditor']));
    expect(compiled[0]).to.deep.equal(compiled[1]);
    const inverted = compiled[0]?.map((rule) => rule.inverted) ?? [];
    expect(inverted).to.deep.equal([...inverted].sort());
    expect(policies.authorize(auditor).decide('use', key({ 'grantees(use)': ['max'] }))).to.deep.equal({
      effect: 'deny',
      ruleId: 'secret-key/auditor-changes-nothing',
      policyVersion: policies.version,
    });
  });

  it('compiled rules cannot be changed', () => {
    const rules = compileRules(policies.rules, ['admin']);
    expect(Object.isFrozen(rules)).to.equal(true);
    for (const rule of rules) {
      for (const part of [rule, rule.action, rule.fields, rule.conditions])
        expect(Object.isFrozen(part)).to.equal(true);
    }
  });
});
