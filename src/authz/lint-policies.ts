/** Everything that can be said against a policy folder without deciding a single test: `policy lint`. */
import { loadInvariants } from './invariants.js';
import { type PolicySet, readPolicies } from './load-policies.js';
import { type Finding, Findings, PolicyError } from './policy-files.js';
import { type AnswerField, proveAnswers } from './prove-answers.js';
import { proveRules } from './prove-rules.js';
import { loadMatrices, untestedText } from './run-policy-tests.js';
import { loadTestdata } from './testdata.js';

export interface PolicyLint {
  /** Null when the folder could not be understood. */
  readonly policies: PolicySet | null;
  /** Whether a start would take the folder. */
  readonly loads: boolean;
  readonly findings: readonly Finding[];
}

/**
 * All findings, in the order of files and lines. What only the rules together show is looked for once each of them is right.
 * @param answers the fields of the API, which must be bound to the catalogue
 */
export function lintPolicies(directory: string, answers: readonly AnswerField[]): PolicyLint {
  const { policies, findings } = readPolicies(directory);
  if (!policies || findings.length > 0) return { policies, loads: false, findings };
  const found = new Findings();
  requireRules(policies, found);
  proveRules(policies, found);
  proveAnswers(policies, answers, found);
  found.addAll(refusalsOf(() => loadInvariants(directory, policies)));
  found.addAll(refusalsOf(() => requireTests(directory, policies, found)));
  return { policies, loads: true, findings: found.all };
}

/** A permission set that no rule speaks to would be given to people for nothing. */
function requireRules({ permissionSets, rules }: PolicySet, findings: Findings): void {
  for (const { name, at } of permissionSets) {
    if (rules.some(({ to }) => to.includes(name))) continue;
    findings.add(at, 'unused-permission-set', `no rule speaks to ${name}; add one, or take the permission set out`);
  }
}

/** A rule with a finding of its own is left out: no cell can be decided by one that never decides. */
function requireTests(directory: string, policies: PolicySet, findings: Findings): void {
  const matrices = loadMatrices(directory, loadTestdata(directory));
  const expected = new Set(matrices.flatMap(({ cells }) => [...cells.values()].map(({ decision }) => decision)));
  const found = new Set(findings.all.map(({ file, line }) => `${file}:${line}`));
  for (const rule of policies.rules) {
    if (expected.has(`${rule.effect} ${rule.id}`) || found.has(`${rule.at.file}:${rule.at.line}`)) continue;
    findings.add(rule.at, 'untested-rule', untestedText(rule));
  }
}

function refusalsOf(read: () => unknown): readonly Finding[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof PolicyError) return error.findings;
    throw error;
  }
}
