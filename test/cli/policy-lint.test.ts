import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { lintCase } from '../authz/lint-cases.js';
import { type PolicyFiles, withPolicyFolder } from '../authz/policy-folder.js';
import { productPolicies } from '../support/example-policies.js';
import { expectGolden } from './golden-file.js';
import { nightsafe } from './nightsafe.js';

const lint = (files: PolicyFiles, args: readonly string[] = [], environment = {}) =>
  withPolicyFolder(files, (folder) => nightsafe(['policy', 'lint', '--policies', folder, ...args], environment));

/** The policies of the product, to be changed. */
function productFiles(): Readonly<Record<string, string>> {
  const paths = readdirSync(productPolicies, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.yaml'),
  );
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(productPolicies, path), 'utf8')]));
}

const twoMistakes = {
  ...lintCase('unknown-attribute'),
  'rules/another.yaml':
    '- { id: a/b, effect: deny, to: [member], actions: [all], subject: SecretKey, why: Because. }\n',
};

describe('nightsafe policy lint', () => {
  it('finds nothing in the policies of the product', () => {
    const { exitCode, stdout, stderr } = nightsafe(['policy', 'lint']);
    expect(stdout).to.match(/^No findings in \d+ rules\.\n$/);
    expect({ exitCode, stderr }).to.deep.equal({ exitCode: 0, stderr: '' });
  });

  it('prints each finding with its file and line, its code and what to do', () => {
    const { exitCode, stdout } = lint(twoMistakes);
    expect(exitCode).to.equal(1);
    expectGolden('cli/golden/policy-lint.txt', stdout);
  });

  it('prints the same as JSON', () => {
    const { exitCode, stdout } = lint(twoMistakes, ['--json']);
    expect(exitCode).to.equal(1);
    expectGolden('cli/golden/policy-lint.json.txt', stdout);
  });

  it('has colors when they are asked for, and none in a pipe or with NO_COLOR', () => {
    const plain = lint(twoMistakes).stdout;
    const colored = lint(twoMistakes, [], { FORCE_COLOR: '1' }).stdout;
    expect(lint(twoMistakes, [], { NO_COLOR: '1' }).stdout).to.equal(plain);
    expect(colored).to.contain('\u001b[31munknown-attribute\u001b[39m');
    expect(plain).not.to.contain('\u001b');
  });

  it('finds a field of the API that the catalogue does not list', () => {
    const files = productFiles();
    const catalogue = files['catalogue.yaml'] ?? '';
    expect(catalogue).to.contain('        - lastUsedAt\n');
    const { exitCode, stdout } = lint({
      ...files,
      'catalogue.yaml': catalogue.replace('read: [id, name, slug, createdAt]', 'read: [id, name, createdAt]'),
      'rules/organization.yaml': (files['rules/organization.yaml'] ?? '').replace('name, slug,', 'name,'),
    });
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(/unbound-answer\n {4}Organization\.slug of the API is bound to no policy; list slug among/);
  });

  it('finds a field of the API that is hidden from somebody and not nullable', () => {
    const files = productFiles();
    const rule = /(- id: secret-key\/read-by-use\n(?:.*\n)*?) {4}- name\n/;
    const rules = files['rules/secret-key.yaml'] ?? '';
    expect(rules).to.match(rule);
    const { exitCode, stdout } = lint({ ...files, 'rules/secret-key.yaml': rules.replace(rule, '$1') });
    expect(exitCode).to.equal(1);
    expect(stdout).to.match(/not-nullable\n {4}SecretKey\.name is not nullable, and is hidden from \w+ someone/);
  });

  it('finds tables, columns and conditions that the database does not take', () => {
    const files = productFiles();
    const catalogue = files['catalogue.yaml'] ?? '';
    const broken = catalogue
      .replace('EXISTS (SELECT 1 FROM secret_grant g', 'EXISTS (SELEC 1 FROM secret_grant g')
      .replace('column: created_by_id }', 'column: created_by }')
      .replace('table: custom_role', 'table: custom_roles');
    const { exitCode, stdout } = lint({ ...files, 'catalogue.yaml': broken });
    expect(exitCode).to.equal(1);
    const messages = stdout.split('\n').filter((line) => line.startsWith('    '));
    expect(messages).to.deep.equal([
      '    the database refuses the SQL of SecretKey.createdById: no such column: r.created_by',
      '    the database refuses the SQL of SecretKey.grantees(use): near "SELEC": syntax error',
      '    the database refuses the SQL of CustomRole.organizationId: no such table: custom_roles',
      '    the database refuses the SQL of CustomRole.id: no such table: custom_roles',
    ]);
  });

  it('refuses a word that it does not know', () => {
    expect(nightsafe(['policy', 'lint', '--strict'])).to.deep.equal({
      exitCode: 2,
      stdout: '',
      stderr:
        'nightsafe: this command takes only --policies, --json, and a text where one is needed. Try `nightsafe help`.\n',
    });
  });
});
