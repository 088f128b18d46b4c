import { inspect } from 'node:util';
import { expect } from 'chai';
import { loadPolicies, type PolicySubject } from '../../src/authz/index.js';
import { admin, member, policiesFrom } from './policy-folder.js';

const policies = loadPolicies('policies');

const key: PolicySubject = {
  type: 'SecretKey',
  attributes: {
    organizationId: 'acme',
    accessLevel: 'RESTRICTED',
    createdById: 'someone',
    'grantees(use)': ['someone', 'ops', 'elsewhere'],
    'grantees(manage)': ['someone'],
  },
};

describe('the question of a decision', () => {
  it('holds what the rules about the action read, and of a set what the principal has of it', () => {
    expect(policies.authorize(member).decide('use', key).question()).to.deep.equal({
      action: 'use',
      subjectType: 'SecretKey',
      field: null,
      principal: {
        kind: 'PERSON',
        id: 'max',
        organizationId: 'acme',
        role: 'MEMBER',
        permissionSets: [],
        granteeIds: ['max', 'ops', 'acme'],
      },
      attributes: { organizationId: 'acme', 'grantees(use)': ['ops'] },
    });
  });

  it('leaves out the groups of the principal where no rule reads them', () => {
    const subject = { type: 'Group', attributes: { organizationId: 'acme', id: 'ops' } };
    expect(policies.authorize(admin).decide('delete', subject).question()).to.deep.equal({
      action: 'delete',
      subjectType: 'Group',
      field: null,
      principal: { kind: 'PERSON', id: 'ada', organizationId: 'acme', role: 'ADMIN', permissionSets: [] },
      attributes: { organizationId: 'acme' },
    });
  });

  it('holds what rules to other roles read, so that a rule given to one more role can be tried', () => {
    const others = policiesFrom({
      'rules/test.yaml': `
- { id: a, effect: allow, to: [admin], actions: [delete], subject: SecretKey, when: { organizationId: principal.organizationId }, why: Because. }
- { id: b, effect: allow, to: [service-account], actions: [delete], subject: SecretKey, when: { organizationId: principal.organizationId, createdById: principal.id }, why: Because. }
`,
    });
    expect(others.authorize(admin).decide('delete', key).question().attributes).to.deep.equal({
      organizationId: 'acme',
      createdById: 'someone',
    });
  });

  it('names the field that was asked for', () => {
    expect(policies.authorize(admin).decide('read', key, 'name').question()).to.deep.include({ field: 'name' });
  });

  it('is not in the decision when that is printed or written as JSON', () => {
    const decision = policies.authorize(member).decide('use', key);
    const plain = { effect: 'allow', ruleId: 'secret-key/use-by-grant', policyVersion: policies.version };
    expect(JSON.parse(JSON.stringify(decision))).to.deep.equal(plain);
    expect(inspect(decision)).not.to.contain('ops');
  });
});
