import { expect } from 'chai';
import { lintCase } from '../authz/lint-cases.js';
import { type PolicyFiles, withPolicyFolder } from '../authz/policy-folder.js';
import { expectGolden } from './golden-file.js';
import { nightsafe } from './nightsafe.js';

const coverage = (files: PolicyFiles, ...args: readonly string[]) =>
  withPolicyFolder(files, (folder) => nightsafe(['policy', 'coverage', '--policies', folder, ...args]));

/** A rule that decides nothing, and nobody of a role asked. */
const incomplete = {
  ...lintCase('unasserted-cell'),
  'rules/mistake.yaml': lintCase('untested-rule')['rules/mistake.yaml'] ?? null,
};

describe('nightsafe policy coverage', () => {
  it('finds nothing that the tests of the product leave untried', () => {
    const { exitCode, stdout, stderr } = nightsafe(['policy', 'coverage']);
    expect(stdout).to.match(/^No findings in tests of (\d+) of \1 rules, (\d+) of \2 conditions, (\d+) of \3 cells /);
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
  });

  it('prints each rule, condition and cell that is left untried, and how many are not', () => {
    const { exitCode, stdout } = coverage(incomplete);
    expect(exitCode).to.equal(1);
    expectGolden('cli/golden/policy-coverage.txt', stdout);
  });

  it('prints the same as JSON', () => {
    const { exitCode, stdout } = coverage(incomplete, '--json');
    expect(exitCode).to.equal(1);
    expectGolden('cli/golden/policy-coverage.json.txt', stdout);
  });

  it('counts nothing while a test fails', () => {
    const { exitCode, stdout, stderr } = coverage(lintCase('wrong-decision'), '--json');
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 1, stderr: '' });
    const { findings, ...counts } = JSON.parse(stdout) as { readonly findings: readonly { readonly code: string }[] };
    const none = { covered: 0, total: 0 };
    expect(counts).to.deep.equal({ rules: none, conditions: none, cells: none });
    expect(findings.map(({ code }) => code)).to.deep.equal(['wrong-decision', 'wrong-decision', 'wrong-decision']);
  });

  it('says what keeps the folder from loading, as `lint` does', () => {
    expect(coverage(lintCase('unknown-role'))).to.deep.equal({
      exitCode: 1,
      stdout:
        'policies/rules/mistake.yaml:3  unknown-role\n    unknown role "members"; known: admin, member, auditor\n\n' +
        '1 finding in a folder that does not load.\n',
      stderr: '',
    });
  });
});
