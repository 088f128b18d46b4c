/** Lint, coverage, invariants and the access table of a policy folder that offers permission sets. */
import { expect } from 'chai';
import {
  accessTables,
  lintPolicies,
  loadInvariants,
  loadPolicies,
  loadTestdata,
  measureCoverage,
  proveInvariants,
  runPolicyTests,
} from '../../src/authz/index.js';
import { lintCase } from './lint-cases.js';
import { type PolicyFiles, withPolicyFolder } from './policy-folder.js';

const base = lintCase('base');
const roles = `${base['roles.yaml']}permissionSets:
  keeper: { offeredTo: [member], why: Keeps keys. }
  guest: { offeredTo: [member], why: Is here for a while. }
`;
const rule = (id: string, effect: string, to: string, action: string, when = '') => `
- id: sets/${id}
  effect: ${effect}
  to: [${to}]
  actions: [${action}]
  subject: SecretKey
  when: { organizationId: principal.organizationId${when} }
  why: Because.
`;
const withSets = (rules: string, files: PolicyFiles = {}): PolicyFiles => ({
  ...base,
  'roles.yaml': roles,
  'rules/sets.yaml': rules,
  ...files,
});
const keeper = rule('keep', 'allow', 'keeper', 'use');
const guest = rule('guest', 'deny', 'guest', 'use');
const principals = (sets: string) =>
  `${base['tests/testdata/principals.yaml']}kim: { kind: PERSON, role: MEMBER, organizationId: acme, permissionSets: ${sets} }\n`;

/** Without those about rules that no cell tries. */
const linted = (rules: string): readonly string[] =>
  withPolicyFolder(withSets(rules), (folder) =>
    lintPolicies(folder, [])
      .findings.filter(({ code }) => code !== 'untested-rule')
      .map(({ code, message }) => `${code}: ${message}`),
  );

const broken = (rules: string, invariants = '') =>
  withPolicyFolder(withSets(rules, { 'invariants.yaml': `${base['invariants.yaml']}${invariants}` }), (folder) => {
    const policies = loadPolicies(folder);
    return proveInvariants(policies, loadInvariants(folder, policies)).findings.map(({ message }) =>
      message.replace(/ someone of .*/, ''),
    );
  });

describe('a policy folder with permission sets', () => {
  it('is told of a rule that says nothing new to those who have the set, and keeps one that does', () => {
    expect(linted(keeper + guest)).to.deep.equal([]);
    expect(linted(keeper + guest + rule('of-team', 'allow', 'keeper', 'use', ', accessLevel: TEAM'))).to.deep.equal([
      'redundant-rule: sets/of-team: decides nothing that secret-key/use-by-grant and sets/guest and sets/keep would not decide alike; delete it',
    ]);
    expect(
      linted(rule('everyone', 'allow', 'member', 'setAccess') + rule('keep', 'allow', 'keeper', 'setAccess') + guest),
    ).to.deep.equal([
      'redundant-rule: sets/keep: decides nothing that secret-key/manage-by-grant and sets/everyone would not decide alike; delete it',
    ]);
  });

  it('is told of an allow rule that a deny always takes away from those who have the set', () => {
    const shadowed = linted(keeper + rule('nobody', 'deny', 'member', 'use') + guest);
    expect(shadowed.filter((finding) => finding.includes('sets/keep:'))).to.deep.equal([
      'shadowed-rule: sets/keep: never allows keeper to use, since sets/guest and sets/nobody denies it; ' +
        'take keeper out of "to", take the actions out, or narrow the deny',
    ]);
  });

  it('proves the invariants for each combination of sets, and names the one that breaks it', () => {
    expect(broken(keeper + guest)).to.deep.equal([]);
    expect(broken(rule('hand-on', 'allow', 'keeper', 'grantManage') + guest)).to.deep.equal([
      'sets/hand-on: breaks managers-hand-out: member and keeper',
    ]);
  });

  it('lets an invariant speak of those who have a set', () => {
    const invariant = `
- id: guests-use-nothing
  who: [guest]
  never: { SecretKey: [use] }
  why: They are guests.
`;
    expect(broken(keeper + guest, invariant)).to.deep.equal([]);
    expect(broken(keeper + rule('guest', 'deny', 'guest', 'setAccess'), invariant)).to.deep.equal([
      'secret-key/use-by-grant: breaks guests-use-nothing: member and guest',
      'sets/keep: breaks guests-use-nothing: member and keeper and guest',
    ]);
  });

  it('counts a set in the tests only in the hands of somebody to whom it is offered', () => {
    const matrix = (verdict: string) => `
- name: keepers use every key
  principals: [kim]
  resources: [key-of-ada]
  actions: [use]
  expect:
    - ${verdict}
      principals: [kim]
      resources: [key-of-ada]
      actions: [use]
`;
    const found = (who: string, verdict: string) =>
      withPolicyFolder(
        withSets(keeper, {
          'roles.yaml': roles.replace(/ {2}guest: .*\n/, ''),
          'tests/testdata/principals.yaml': `${base['tests/testdata/principals.yaml']}kim: ${who}\n`,
          'tests/sets.test.yaml': matrix(verdict),
        }),
        (folder) => {
          const policies = loadPolicies(folder);
          const { failures } = runPolicyTests(policies, folder);
          const findings = failures.length > 0 ? failures : measureCoverage(policies, folder).findings;
          return findings.map(({ code }) => code);
        },
      );
    const kim = (role: string) => `{ kind: PERSON, role: ${role}, organizationId: acme, permissionSets: [keeper] }`;
    expect(found(kim('MEMBER'), 'allow: sets/keep')).to.deep.equal(['one-sided-condition']);
    expect(found(kim('AUDITOR'), 'allow: sets/keep')).to.deep.equal(['wrong-decision']);
    expect(found(kim('AUDITOR'), 'deny: secret-key/auditor-changes-nothing')).to.deep.equal([
      'untested-rule',
      'one-sided-condition',
    ]);
  });

  it('shows in the access table what somebody with sets may', () => {
    const verdict = (sets: string) =>
      withPolicyFolder(withSets(keeper + guest, { 'tests/testdata/principals.yaml': principals(sets) }), (folder) => {
        const [table] = accessTables(loadPolicies(folder), loadTestdata(folder));
        return table?.cells.use?.kim;
      });
    const verdicts = ['[]', '[keeper]', '[guest]', '[guest, keeper]', '[unknown]'].map(verdict);
    expect(verdicts).to.deep.equal(['-', 'allow', 'deny', 'deny', '-']);
  });
});
