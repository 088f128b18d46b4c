import { expect } from 'chai';
import { explainDecision, loadPolicies, loadTestdata } from '../../src/authz/index.js';
import { productPolicies } from '../support/example-policies.js';

const policies = loadPolicies(productPolicies);
const { principals, resources } = loadTestdata(productPolicies, policies);

function explain(as: string, action: string, key: string, field?: string) {
  const principal = principals.get(as);
  const object = resources.get(key);
  if (!principal || !object) throw new Error('the testdata has no such principal or resource');
  return explainDecision(policies, principal, action, object, field);
}

describe('the explanation of a decision', () => {
  it('is about the very decision that is taken, for everyone in the testdata, everything in it and all that can be asked', () => {
    let allowed = 0;
    for (const [as, principal] of principals) {
      for (const [key, object] of resources) {
        for (const action of policies.catalogue.subjects.get(object.type)?.actions ?? []) {
          const { decision, rule } = explain(as, action, key);
          expect(decision).to.deep.equal(policies.authorize(principal).decide(action, object));
          if (decision.ruleId === null) {
            expect(rule === null || !rule.isToPrincipal || rule.terms.some(({ holds }) => !holds)).to.equal(true);
          } else {
            allowed += 1;
            expect(rule?.id).to.equal(decision.ruleId);
            expect([rule?.isToPrincipal, rule?.terms.every(({ holds }) => holds)]).to.deep.equal([true, true]);
          }
        }
      }
    }
    expect(allowed).to.be.greaterThan(50);
  });

  it('names the grants through which a rule holds, and each term with its line', () => {
    const { rule } = explain('oda-in-ops', 'use', 'restricted-key');
    const [organization, grant] = rule?.terms ?? [];
    expect(grant).to.deep.equal({
      text: 'grantees(use): { in: principal.granteeIds }',
      at: { file: 'base/rules/secret-key.yaml', line: (organization?.at.line ?? 0) + 1 },
      holds: true,
      op: 'intersects',
      attribute: 'grantees(use)',
      actual: ['mia-manager', 'ops', 'deploy-bot'],
      compared: ['oda-in-ops', 'ops', 'acme'],
      through: ['ops'],
    });
  });

  it('of what no rule allows names the rule that misses least, rather one for the principal than one for another role', () => {
    const nearest = (as: string, action: string, key: string, field?: string) => {
      const { decision, rule } = explain(as, action, key, field);
      return [decision.ruleId, rule?.id, rule?.isToPrincipal, rule?.terms.map(({ holds }) => holds)];
    };
    expect(nearest('max-member', 'read', 'restricted-key', 'grants')).to.deep.equal([
      null,
      'secret-key/read-by-manage',
      true,
      [true, false],
    ]);
    expect(nearest('max-member', 'delete', 'group-ops')).to.deep.equal([null, 'group/administer', false, [true]]);
  });

  it('refuses a question about a value', () => {
    expect(() => explain('ada-admin', 'read', 'team-key', 'value')).to.throw('no field "value" to read on SecretKey');
  });
});
