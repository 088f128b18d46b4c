/**
 * One mistake for each finding that there is. A case is the folder `lint-cases/base` with the case's own files over it, without those
 * that its `removed.txt` lists; `expected.txt` is what the first command that finds something says.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  type AnswerField,
  type Finding,
  findingCodes,
  lintPolicies,
  loadInvariants,
  loadPolicies,
  measureCoverage,
  proveInvariants,
  runPolicyTests,
} from '../../src/authz/index.js';
import { packageRoot } from '../../src/paths.js';
import { expectGolden } from '../cli/golden-file.js';
import { type PolicyFiles, withPolicyFolder } from './policy-folder.js';

const cases = join(packageRoot, 'test/authz/lint-cases');

/** The files of a case, by path in its folder. */
function filesOf(name: string): Readonly<Record<string, string>> {
  const entries = readdirSync(join(cases, name), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.map((path) => [path.slice(join(cases, name).length + 1), readFileSync(path, 'utf8')]),
  );
}

function caseOf(name: string): PolicyFiles {
  const files = { ...filesOf('base'), ...filesOf(name) };
  const removed = (files['removed.txt'] ?? '').split('\n').filter((path) => path !== '');
  return { ...files, ...Object.fromEntries(removed.map((path) => [path, null])) };
}

/** What the commands say, in the order in which someone runs them, up to the first that finds something. */
function caught(directory: string): string {
  const answers = JSON.parse(readFileSync(join(directory, 'answers.json'), 'utf8')) as readonly AnswerField[];
  const lint = lintPolicies(directory, answers).findings;
  if (lint.length > 0) return textOf('lint', lint);
  const policies = loadPolicies(directory);
  const { failures } = runPolicyTests(policies, directory);
  const test = [...failures, ...proveInvariants(policies, loadInvariants(directory, policies)).findings];
  if (test.length > 0) return textOf('test', test);
  return textOf('coverage', measureCoverage(policies, directory).findings);
}

const textOf = (command: string, findings: readonly Finding[]): string =>
  [
    `nightsafe policy ${command}`,
    ...findings.map(({ file, line, code, message }) => `\n${file}:${line}  ${code}\n    ${message}`),
    '',
  ].join('\n');

describe('a mistake in the policy folder', () => {
  it('is in none of the files that these cases start from', () => {
    expect(withPolicyFolder(caseOf('base'), caught)).to.equal('nightsafe policy coverage\n');
  });

  for (const [code, meaning] of Object.entries(findingCodes)) {
    it(`of the kind ${code} is caught: ${meaning}`, () => {
      expect(existsSync(join(cases, code)), `test/authz/lint-cases/${code} does not exist`).to.equal(true);
      const text = withPolicyFolder(caseOf(code), caught);
      expect(text).to.match(new RegExp(`:\\d+  ${code}\\n`));
      expectGolden(`authz/lint-cases/${code}/expected.txt`, text);
    });
  }

  it('is known by its code: each case is of a kind that there is', () => {
    const names = readdirSync(cases).filter((name) => name !== 'base');
    expect(names.sort()).to.deep.equal(Object.keys(findingCodes).sort());
  });
});
