import { expect } from 'chai';
import { lintCase } from '../authz/lint-cases.js';
import { type PolicyFiles, withPolicyFolder } from '../authz/policy-folder.js';
import { expectGolden } from './golden-file.js';
import { nightsafe } from './nightsafe.js';

const test = (files: PolicyFiles, ...args: readonly string[]) =>
  withPolicyFolder(files, (folder) => nightsafe(['policy', 'test', '--policies', folder, ...args]));

/** A cell that is decided otherwise than expected, and a rule that hands out more than is held. */
const broken = {
  ...lintCase('wrong-decision'),
  'rules/mistake.yaml': lintCase('broken-invariant')['rules/mistake.yaml'] ?? null,
};

describe('nightsafe policy test', () => {
  it('finds nothing in the policies of the product', () => {
    const { exitCode, stdout, stderr } = nightsafe(['policy', 'test']);
    expect(stdout).to.match(/^No findings in \d+ cells and \d+ invariants, proved by \d+ decisions\.\n$/);
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
  });

  it('prints each cell that is decided otherwise, and each broken invariant with an example', () => {
    const { exitCode, stdout } = test(broken);
    expect(exitCode).to.equal(1);
    expectGolden('cli/golden/policy-test.txt', stdout);
  });

  it('prints the same as JSON', () => {
    const { exitCode, stdout } = test(broken, '--json');
    expect(exitCode).to.equal(1);
    expectGolden('cli/golden/policy-test.json.txt', stdout);
  });

  it('says what keeps the folder from loading, as `lint` does', () => {
    const message = 'unknown role "members"; known: admin, member, auditor';
    expect(test(lintCase('unknown-role'))).to.deep.equal({
      exitCode: 1,
      stdout: `policies/rules/mistake.yaml:3  unknown-role\n    ${message}\n\n1 finding in a folder that does not load.\n`,
      stderr: '',
    });
    const { exitCode, stdout, stderr } = test(lintCase('unknown-role'), '--json');
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 1, stderr: '' });
    expect(JSON.parse(stdout)).to.deep.equal({
      policyVersion: null,
      cells: 0,
      invariants: 0,
      decisions: 0,
      findings: [{ file: 'policies/rules/mistake.yaml', line: 3, code: 'unknown-role', message }],
    });
  });
});
