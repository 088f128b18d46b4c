/** Proves over every case of the fragment that each rule can decide something, for everyone to whom it speaks. */
import { type Case, type Cell, casesOf, cellName, cellsOf } from './cases.js';
import { bind, predicateOf } from './conditions.js';
import type { FindingCode } from './finding-codes.js';
import type { PolicySet } from './load-policies.js';
import type { Findings } from './policy-files.js';
import { rolesOf } from './roles.js';
import { type Rule, speaksOf } from './rules.js';
import { TooManySituationsError } from './situations.js';

/** What came of one cell for one role in all cases in which a rule speaks of it and holds. */
interface Outcome {
  readonly role: string;
  readonly cell: string;
  readonly deciders: Set<string>;
  isAllowed: boolean;
}

type Outcomes = Map<string, Outcome>;

export function proveRules(policies: PolicySet, findings: Findings): void {
  for (const declaration of policies.catalogue.subjects.values()) {
    const rules = policies.rules.filter(({ subject }) => subject === declaration.name);
    const outcomes = new Map(rules.map((rule): [Rule, Outcomes] => [rule, new Map()]));
    const isComplete = withinReach(findings, rules, () => {
      for (const action of declaration.actions) {
        const about = rules.filter(({ actions }) => actions.includes(action));
        const cells = cellsOf(declaration).filter((cell) => cell.action === action);
        for (const each of casesOf(declaration, policies, about)) observe(each, policies, about, cells, outcomes);
      }
    });
    for (const [rule, observed] of isComplete ? outcomes : []) {
      for (const [code, message] of problemsOf(rule, [...observed.values()])) {
        findings.add(rule.at, code, `${rule.id}: ${message}`);
      }
    }
  }
}

/** Whether every case could be tried; when not, that is the finding. */
export function withinReach(findings: Findings, rules: readonly Rule[], prove: () => void): boolean {
  try {
    prove();
    return true;
  } catch (error) {
    const [first] = rules.toSorted((a, b) => b.when.length - a.when.length);
    if (!(error instanceof TooManySituationsError) || first === undefined) throw error;
    const remedy = 'compare with what the principal brings, or with fewer constants';
    findings.add(first.at, 'too-many-cases', `the rules ${error.message}; ${remedy}`);
    return false;
  }
}

function observe(
  { principal, object }: Case,
  policies: PolicySet,
  rules: readonly Rule[],
  cells: readonly Cell[],
  outcomes: ReadonlyMap<Rule, Outcomes>,
): void {
  const authorizer = policies.authorize(principal);
  const declaration = policies.catalogue.subjects.get(object.type);
  for (const role of rolesOf(policies, principal)) {
    const holding = rules.filter(
      ({ to, when }) => to.includes(role) && declaration && predicateOf(bind(when, principal), declaration)(object),
    );
    for (const cell of cells) {
      const speaking = holding.filter((rule) => speaksOf(rule, cell.action, cell.field));
      if (speaking.length === 0) continue;
      const { effect, ruleId } = authorizer.decide(cell.action, object, cell.field);
      for (const rule of speaking) {
        const name = cellName(cell);
        const observed = outcomes.get(rule);
        const outcome = observed?.get(`${role} ${name}`) ?? {
          role,
          cell: name,
          deciders: new Set(),
          isAllowed: false,
        };
        if (ruleId !== null) outcome.deciders.add(ruleId);
        outcome.isAllowed ||= effect === 'allow';
        observed?.set(`${role} ${name}`, outcome);
      }
    }
  }
}

function* problemsOf(rule: Rule, outcomes: readonly Outcome[]): Generator<readonly [FindingCode, string]> {
  if (outcomes.length === 0) {
    yield [
      'unreachable-rule',
      'no principal and no object satisfy its "when"; correct the condition or delete the rule',
    ];
    return;
  }
  const shadowed = rule.effect === 'allow' ? outcomes.filter(({ isAllowed }) => !isAllowed) : [];
  for (const role of new Set(shadowed.map((outcome) => outcome.role))) {
    const cells = shadowed.filter((outcome) => outcome.role === role);
    yield [
      'shadowed-rule',
      `never allows ${role} to ${cells.map(({ cell }) => cell).join(', ')}, since ${decidersOf(cells)} denies it; ` +
        `take ${role} out of "to", take the actions out, or narrow the deny`,
    ];
  }
  if (shadowed.length < outcomes.length && !outcomes.some(({ deciders }) => deciders.has(rule.id))) {
    yield ['redundant-rule', `decides nothing that ${decidersOf(outcomes)} would not decide alike; delete it`];
  }
}

const decidersOf = (outcomes: readonly Outcome[]): string =>
  [...new Set(outcomes.flatMap(({ deciders }) => [...deciders]))].sort().join(' and ');
