import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { lintPolicies, PolicyError } from '../../src/authz/index.js';
import { loadPolicies } from '../../src/authz/load-policies.js';
import { lintCase } from './lint-cases.js';
import { withPolicyFolder } from './policy-folder.js';

const answers = ['id', 'name', 'grants'].map((field) => ({
  path: `SecretKey.${field}`,
  isNullable: true,
  subject: 'SecretKey',
  action: 'read' as const,
  field,
  governsType: false,
}));

/** What `policy lint` finds in a folder without a mistake that was spoiled. */
const found = (spoil: (folder: string) => void): readonly string[] =>
  withPolicyFolder(lintCase('base'), (folder) => {
    spoil(folder);
    return lintPolicies(folder, answers).findings.map(({ file, line, code, message }) =>
      [`${file}:${line}`, code, message].join(' '),
    );
  });

const rename = 'rename it, or take it out';
const holds = (folder: string, what: string, kind = 'a file') =>
  `unexpected-file nobody reads ${kind} of this name; ${folder}/ holds ${what}: ${rename}`;

describe('what stands in a policy folder and is no part of it', () => {
  const rules = 'files named *.yaml that are not hidden';
  const tests = 'files named *.test.yaml that are not hidden, and testdata/';
  const refused: [string, string][] = [
    ['rules/deny.yml', holds('rules', rules)],
    ['rules/DENY.YAML', holds('rules', rules)],
    ['rules/README.md', holds('rules', rules)],
    ['rules/.DS_Store', holds('rules', rules)],
    ['rules/.secret-key.yaml.swp', holds('rules', rules)],
    ['rules/secret-key.yaml~', holds('rules', rules)],
    ['tests/more.yaml', holds('tests', tests)],
    ['tests/testdata/more.yaml', holds('tests/testdata', 'principals.yaml and resources.yaml')],
    ['changes/gain.yml', holds('changes', rules)],
    ['schema/rules.json', holds('schema', 'policy.schema.json')],
    ['deny.yaml', `unexpected-file nobody reads a file of this name; rules go into rules/: ${rename}`],
    ['roles.yaml.orig', `unexpected-file nobody reads a file of this name; rules go into rules/: ${rename}`],
  ];
  for (const [path, finding] of refused) {
    it(`is found: the file ${path}`, () => {
      const write = (folder: string): void => {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), '');
      };
      expect(found(write)).to.deep.equal([`policies/${path}:1 ${finding}`]);
    });
  }

  it('is found: a folder that nobody looks into, also one that is named like a file', () => {
    const folders = ['rules/old', 'rules/more.yaml', 'rule'];
    expect(
      found((folder) => {
        for (const path of folders) mkdirSync(join(folder, path));
      }),
    ).to.deep.equal([
      `policies/rule:1 unexpected-file nobody reads a folder of this name; rules go into rules/: ${rename}`,
      `policies/rules/more.yaml:1 ${holds('rules', rules, 'a folder')}`,
      `policies/rules/old:1 ${holds('rules', rules, 'a folder')}`,
    ]);
  });

  it('is found: a symbolic link, wherever it leads', () => {
    expect(
      found((folder) => {
        symlinkSync('secret-key.yaml', join(folder, 'rules', 'more.yaml'));
        symlinkSync('nowhere', join(folder, 'rules', 'nothing.yaml'));
        symlinkSync('..', join(folder, 'rules', 'around'));
      }),
    ).to.deep.equal(
      ['around', 'more.yaml', 'nothing.yaml'].map(
        (name) => `policies/rules/${name}:1 ${holds('rules', rules, 'a symbolic link')}`,
      ),
    );
  });

  for (const path of ['catalogue.yaml', 'roles.yaml', 'invariants.yaml']) {
    it(`is found: a folder, or a link to nowhere, in the place of ${path}`, () => {
      const place = (make: (path: string) => void) =>
        found((folder) => {
          rmSync(join(folder, path));
          make(join(folder, path));
        });
      const finding = (kind: string) =>
        `policies/${path}:1 unexpected-file ${kind} stands where a file must be; put the file here`;
      expect(place((at) => void mkdirSync(at))).to.deep.equal([finding('a folder')]);
      expect(place((at) => symlinkSync('nowhere', at))).to.deep.equal([finding('a symbolic link')]);
    });
  }

  for (const path of ['rules', 'tests', 'changes', 'schema']) {
    it(`is found: a file, or a link, in the place of ${path}/`, () => {
      const place = (make: (path: string) => void) =>
        found((folder) => {
          rmSync(join(folder, path), { recursive: true, force: true });
          make(join(folder, path));
        }).filter((finding) => finding.includes('unexpected-file'));
      const finding = (kind: string) =>
        `policies/${path}:1 unexpected-file ${kind} stands where a folder must be; put the folder here`;
      expect(place((at) => writeFileSync(at, ''))).to.deep.equal([finding('a file')]);
      expect(place((at) => symlinkSync('nowhere', at))).to.deep.equal([finding('a symbolic link')]);
    });
  }

  it('keeps the policies from loading where rules are read', () => {
    withPolicyFolder({ ...lintCase('base'), 'rules/deny.yml': '' }, (folder) => {
      expect(() => loadPolicies(folder)).to.throw(PolicyError, `policies/rules/deny.yml:1: nobody reads a file`);
    });
  });

  it('may be what no one takes for policies: a README, the list of code owners, what git keeps', () => {
    expect(
      found((folder) => {
        for (const name of ['README.md', 'CODEOWNERS', '.gitignore']) writeFileSync(join(folder, name), '');
        mkdirSync(join(folder, '.git'));
      }),
    ).to.deep.equal([]);
  });
});

describe('a file of a policy folder', () => {
  it('is refused with the first line that is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('# Fine: ü\n# Not: '), Buffer.from([0xfc]), Buffer.from('\n[]\n')]);
    expect(found((folder) => writeFileSync(join(folder, 'rules', 'more.yaml'), bytes))).to.deep.equal([
      'policies/rules/more.yaml:2 unreadable-text the line is not UTF-8; save the file as UTF-8',
    ]);
  });
});
