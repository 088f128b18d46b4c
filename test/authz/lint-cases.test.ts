/** One mistake for each finding that there is. `expected.txt` of a case is what the first command that finds something says. */
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
import { expectGolden } from '../cli/golden-file.js';
import { lintCase, lintCases } from './lint-cases.js';
import { withPolicyFolder } from './policy-folder.js';

/** Declared gains are read by the comparison of two revisions alone. */
const kinds = Object.entries(findingCodes).filter(([code]) => code !== 'unused-declaration');

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
    expect(withPolicyFolder(lintCase('base'), caught)).to.equal('nightsafe policy coverage\n');
  });

  for (const [code, meaning] of kinds) {
    it(`of the kind ${code} is caught: ${meaning}`, () => {
      expect(existsSync(join(lintCases, code)), `test/authz/lint-cases/${code} does not exist`).to.equal(true);
      const text = withPolicyFolder(lintCase(code), caught);
      expect(text).to.match(new RegExp(`:\\d+  ${code}\\n`));
      expectGolden(`authz/lint-cases/${code}/expected.txt`, text);
    });
  }

  it('is known by its code: each case is of a kind that there is', () => {
    const names = readdirSync(lintCases).filter((name) => name !== 'base');
    expect(names.sort()).to.deep.equal(kinds.map(([code]) => code).sort());
  });
});
