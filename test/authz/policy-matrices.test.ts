import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import {
  loadInvariants,
  loadPolicies,
  loadTestdata,
  measureCoverage,
  policySchema,
  proveInvariants,
  renderMatrix,
  runPolicyTests,
} from '../../src/authz/index.js';
import { withPolicyFolder } from './policy-folder.js';

const policies = loadPolicies('policies');

describe('the policies of the product', () => {
  it('decide every cell of the matrices by the rule that these name', () => {
    const { cells, failures } = runPolicyTests(policies, 'policies');
    expect(failures).to.deep.equal([]);
    expect(cells).to.be.greaterThan(1000);
  });

  it('have no rule, no side of a condition and no cell of the catalogue that the matrices leave untried', () => {
    const { findings, rules, conditions, cells } = measureCoverage(policies, 'policies');
    expect(findings).to.deep.equal([]);
    for (const { covered, total } of [rules, conditions, cells])
      expect(covered).to.equal(total).and.to.be.greaterThan(30);
  });

  it('keep every invariant in every case that the rules can tell apart', () => {
    const { findings, invariants, decisions } = proveInvariants(policies, loadInvariants('policies', policies));
    expect(findings).to.deep.equal([]);
    expect(invariants).to.equal(13);
    expect(decisions).to.be.greaterThan(3_000);
  });

  it('give the access table that was last reviewed; when the change is meant, run npm run policy:matrix', () => {
    expect(renderMatrix(policies, loadTestdata('policies'))).to.equal(
      readFileSync('policies/matrix.snapshot.txt', 'utf8'),
    );
  });

  it('have the editor schema that their catalogue makes', () => {
    expect(JSON.parse(readFileSync('policies/schema/policy.schema.json', 'utf8'))).to.deep.equal(
      policySchema(policies),
    );
  });
});

describe('a policy matrix', () => {
  const principals = 'max: { kind: PERSON, role: MEMBER, organizationId: acme }\n';
  const resources = 'group-ops: { type: Group, organizationId: acme, id: ops }\nbroken: { type: Group, id: ops }\n';
  const rules = `- id: group/read
  effect: allow
  to: [member]
  actions: [read]
  subject: Group
  fields: [id]
  when: { organizationId: principal.organizationId }
  why: Because.
`;
  const run = (matrix: string) =>
    withPolicyFolder(
      {
        'rules/group.yaml': rules,
        'tests/testdata/principals.yaml': principals,
        'tests/testdata/resources.yaml': resources,
        'tests/group.test.yaml': matrix,
      },
      (directory) => runPolicyTests(loadPolicies(directory), directory),
    );
  const test = (cells: string, expected = ''): string =>
    `- name: it holds\n  principals: [max]\n  ${cells}${expected && `\n  expect:\n    - ${expected}`}\n`;
  const failure = (line: number, message: string) => ({
    cells: 1,
    failures: [
      { file: 'policies/tests/group.test.yaml', line, code: 'wrong-decision', message: `it holds: ${message}` },
    ],
  });

  it('passes when the cell is decided by the rule that it names', () => {
    const matrix = test(
      'resources: [group-ops]\n  actions: [read, delete]',
      '{ allow: group/read, principals: [max], resources: [group-ops], actions: [read] }',
    );
    expect(run(matrix)).to.deep.equal({ cells: 2, failures: [] });
  });

  it('fails when another rule decides', () => {
    const matrix = test(
      'resources: [group-ops]\n  actions: [read]',
      '{ deny: group/hide, principals: [max], resources: [group-ops], actions: [read] }',
    );
    expect(run(matrix)).to.deep.equal(
      failure(6, 'max read group-ops: expected deny group/hide, decided allow group/read'),
    );
  });

  it('fails when a cell that it does not list is allowed', () => {
    expect(run(test('resources: [group-ops]\n  actions: [read.id]'))).to.deep.equal(
      failure(1, 'max read.id group-ops: expected deny by no rule, decided allow group/read'),
    );
  });

  it('fails when the resource lacks what a rule needs', () => {
    const problem = 'A policy rule needs the attribute Group.organizationId, which the subject does not carry.';
    expect(run(test('resources: [broken]\n  actions: [read]'))).to.deep.equal(
      failure(1, `max read broken: expected deny by no rule, decided an error: ${problem}`),
    );
  });

  it('is refused when it expects something outside of itself, or twice', () => {
    const outside = '{ allow: group/read, principals: [max], resources: [group-ops], actions: [delete] }';
    const once = '{ allow: group/read, principals: [max], resources: [group-ops], actions: [read] }';
    expect(() =>
      run(test('resources: [group-ops]\n  actions: [read]', `${outside}\n    - ${once}\n    - ${once}`)),
    ).to.throw(
      'policies/tests/group.test.yaml:6: "max delete group-ops" is outside of the test\'s matrix\n' +
        'policies/tests/group.test.yaml:8: "max read group-ops" is expected twice',
    );
  });
});
