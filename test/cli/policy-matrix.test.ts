import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { lintCase } from '../authz/lint-cases.js';
import { withPolicyFolder } from '../authz/policy-folder.js';
import { expectGolden } from './golden-file.js';
import { nightsafe } from './nightsafe.js';

describe('nightsafe policy matrix', () => {
  const print = (...args: readonly string[]) =>
    withPolicyFolder(lintCase('base'), (folder) => nightsafe(['policy', 'matrix', '--policies', folder, ...args]));

  it('prints who may do what', () => {
    const { exitCode, stdout } = print();
    expect(exitCode).to.equal(0);
    expectGolden('cli/golden/policy-matrix.txt', stdout);
  });

  it('prints the same as JSON', () => {
    const { exitCode, stdout } = print('--json');
    expect(exitCode).to.equal(0);
    expectGolden('cli/golden/policy-matrix.json.txt', stdout);
  });

  it('makes the schema for editors in a folder that has none', () => {
    withPolicyFolder(lintCase('base'), (folder) => {
      expect(nightsafe(['policy', 'matrix', '--policies', folder, '--write'])).to.deep.equal({
        exitCode: 0,
        stdout: '',
        stderr: '',
      });
      expect(readFileSync(join(folder, 'schema/policy.schema.json'), 'utf8')).to.match(/^\{\n {2}"\$schema"/);
    });
  });

  it('rewrites the table and the schema for editors in the folder', () => {
    const files = { ...lintCase('base'), 'matrix.snapshot.txt': 'old\n', 'schema/policy.schema.json': '{}\n' };
    withPolicyFolder(files, (folder) => {
      const { exitCode, stdout } = nightsafe(['policy', 'matrix', '--policies', folder, '--write']);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 0, stdout: '' });
      expectGolden('cli/golden/policy-matrix.txt', readFileSync(join(folder, 'matrix.snapshot.txt'), 'utf8'));
      expect(JSON.parse(readFileSync(join(folder, 'schema/policy.schema.json'), 'utf8'))).to.have.property('items');
    });
  });
});
