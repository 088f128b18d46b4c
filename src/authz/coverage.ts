/**
 * What the matrices leave untried: rules that decide nothing in them, conditions that are never false (or never true) where their rule
 * is asked, and actions or fields that they assert for no principal of a role. Counted, since a percentage hides the last one.
 */
import type { Principal } from '../principal.js';
import { type Cell, cellName, cellsOf } from './cases.js';
import { declarationOf, type SubjectDeclaration } from './catalogue.js';
import { bind, type PolicySubject, predicateOf, termText } from './conditions.js';
import type { PolicySet } from './load-policies.js';
import { type Finding, Findings, PolicyError } from './policy-files.js';
import { rolesOf } from './roles.js';
import { speaksOf } from './rules.js';
import { loadMatrices, runPolicyTests, untestedText } from './run-policy-tests.js';
import { loadTestdata } from './testdata.js';

export interface Covered {
  readonly covered: number;
  readonly total: number;
}

export interface CoverageReport {
  readonly rules: Covered;
  /** A condition is covered when it was seen both true and false. */
  readonly conditions: Covered;
  /** Every action and field of the catalogue, for each role. */
  readonly cells: Covered;
  readonly findings: readonly Finding[];
}

/** Throws a PolicyError when a test cannot be read or fails: what a failing test covers says nothing. */
export function measureCoverage(policies: PolicySet, directory: string): CoverageReport {
  const { failures } = runPolicyTests(policies, directory);
  if (failures.length > 0) throw new PolicyError(failures);
  const trials = trialsOf(policies, directory);
  const findings = new Findings();
  return {
    rules: coverRules(policies, trials, findings),
    conditions: coverConditions(policies, trials, findings),
    cells: coverCells(policies, trials, findings),
    findings: findings.all,
  };
}

/** One cell of a matrix with what it is about. */
interface Trial {
  readonly principal: Principal;
  readonly roles: readonly string[];
  readonly object: PolicySubject;
  readonly declaration: SubjectDeclaration;
  readonly cell: Cell;
}

function trialsOf(policies: PolicySet, directory: string): readonly Trial[] {
  const testdata = loadTestdata(directory, policies);
  return loadMatrices(directory, policies, testdata)
    .flatMap(({ cells }) => [...cells.values()])
    .flatMap((expected) => {
      const principal = testdata.principals.get(expected.principal);
      const object = testdata.resources.get(expected.resource);
      if (!principal || !object) return [];
      const [action = '', field] = expected.action.split('.');
      const declaration = declarationOf(policies.catalogue, object.type, action, field);
      const cell = field === undefined ? { action } : { action, field };
      return [{ principal, roles: rolesOf(policies, principal), object, declaration, cell }];
    });
}

function coverRules(policies: PolicySet, trials: readonly Trial[], findings: Findings): Covered {
  const deciders = new Set(
    trials.map(
      ({ principal, object, cell }) => policies.authorize(principal).decide(cell.action, object, cell.field).ruleId,
    ),
  );
  const untested = policies.rules.filter(({ id }) => !deciders.has(id));
  for (const rule of untested) findings.add(rule.at, 'untested-rule', untestedText(rule));
  return { covered: policies.rules.length - untested.length, total: policies.rules.length };
}

function coverConditions({ rules }: PolicySet, trials: readonly Trial[], findings: Findings): Covered {
  const counts = rules.flatMap((rule) => {
    const asked = trials.filter(
      ({ declaration, roles, cell }) =>
        rule.subject === declaration.name &&
        rule.to.some((role) => roles.includes(role)) &&
        speaksOf(rule, cell.action, cell.field),
    );
    return rule.when.map((term, index) => {
      const seen = new Set(
        asked.map(({ principal, object, declaration }) => predicateOf(bind([term], principal), declaration)(object)),
      );
      const missing = [true, false].filter((outcome) => !seen.has(outcome));
      if (missing.length > 0) {
        const at = { file: rule.at.file, line: rule.termLines[index] ?? rule.at.line };
        const message = `${rule.id}: "${termText(term)}" is never ${missing.join(' or ')} in the tests for ${rule.to.join(', ')}; add a cell where it is`;
        findings.add(at, 'one-sided-condition', message);
      }
      return missing.length === 0;
    });
  });
  return { covered: counts.filter(Boolean).length, total: counts.length };
}

function coverCells({ catalogue, roles }: PolicySet, trials: readonly Trial[], findings: Findings): Covered {
  const keyOf = (role: string, { name }: SubjectDeclaration, cell: Cell): string => `${role} ${name} ${cellName(cell)}`;
  const asserted = new Set(
    trials.flatMap(({ roles: held, declaration, cell }) => held.map((role) => keyOf(role, declaration, cell))),
  );
  let total = 0;
  let missing = 0;
  for (const declaration of catalogue.subjects.values()) {
    const byRoles = new Map<string, string[]>();
    for (const cell of cellsOf(declaration)) {
      const without = roles.map(({ name }) => name).filter((role) => !asserted.has(keyOf(role, declaration, cell)));
      total += roles.length;
      missing += without.length;
      if (without.length > 0) push(byRoles, without.join(' or '), cellName(cell));
    }
    for (const [names, cells] of byRoles) {
      const message = `${declaration.name}: no test asserts for ${names}: ${cells.join(', ')}; list them in a matrix of tests/`;
      findings.add(declaration.at, 'unasserted-cell', message);
    }
  }
  return { covered: total - missing, total };
}

function push(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key) ?? [];
  list.push(value);
  lists.set(key, list);
}
