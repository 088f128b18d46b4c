/** Everything that can be said against a policy folder without deciding a single test: `policy lint`. */
import { loadInvariants } from './invariants.js';
import { type PolicySet, readPolicies } from './load-policies.js';
import { type Finding, Findings, PolicyError } from './policy-files.js';
import { filesIn } from './policy-folder.js';
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
  requireAnswers(policies, answers, found);
  proveRules(policies, found);
  proveAnswers(policies, answers, found);
  found.addAll(refusalsOf(() => loadInvariants(directory, policies)));
  found.addAll(refusalsOf(() => requireTests(directory, policies, found)));
  for (const folder of ['changes', 'schema'] as const) filesIn(directory, folder, found);
  return { policies, loads: true, findings: found.all };
}

/** A permission set that no rule speaks to would be given to people for nothing. */
function requireRules({ permissionSets, rules }: PolicySet, findings: Findings): void {
  for (const { name, at } of permissionSets) {
    if (rules.some(({ to }) => to.includes(name))) continue;
    findings.add(at, 'unused-permission-set', `no rule speaks to ${name}; add one, or take the permission set out`);
  }
}

/** A field that the API does not have would be allowed and tested for nothing, and seem to be there. */
function requireAnswers({ catalogue }: PolicySet, answers: readonly AnswerField[], findings: Findings): void {
  const served = new Set(answers.map(({ subject, action, field }) => `${subject} ${action} ${field}`));
  for (const { name, fields, at } of catalogue.subjects.values()) {
    for (const [action, names] of fields) {
      const missing = [...names].filter((field) => !served.has(`${name} ${action} ${field}`));
      if (missing.length === 0) continue;
      const message = `the API has no ${missing.join(', ')} to ${action} of ${name}; take it out of the catalogue and the rules`;
      findings.add(at, 'unserved-field', message);
    }
  }
}

/** A rule with a finding of its own is left out: no cell can be decided by one that never decides. */
function requireTests(directory: string, policies: PolicySet, findings: Findings): void {
  const matrices = loadMatrices(directory, policies, loadTestdata(directory, policies));
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
