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
    const { exitCode, stdout, stderr } = coverage(lintCase('wrong-decision'));
    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 1, stdout: '' });
    expect(stderr).to.contain('expected deny by no rule, decided deny secret-key/auditor-changes-nothing');
  });
});
