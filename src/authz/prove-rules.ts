/** Proves over every case of the fragment that each rule can decide something, for everyone to whom it speaks. */
import { type Case, casesOf, cellName, cellsOf } from './cases.js';
import type { SubjectDeclaration } from './catalogue.js';
import { bind, predicateOf } from './conditions.js';
import type { FindingCode } from './finding-codes.js';
import type { PolicySet } from './load-policies.js';
import type { Findings } from './policy-files.js';
import { membershipsFor, rolesOf } from './roles.js';
import { type Rule, speaksOf } from './rules.js';

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
    const terms = rules.flatMap(({ when }) => when);
    for (const each of casesOf(declaration, terms, membershipsFor(policies, rules)))
      observe(each, policies, declaration, outcomes);
    for (const [rule, observed] of outcomes) {
      for (const [code, message] of problemsOf(rule, [...observed.values()])) {
        findings.add(rule.at, code, `${rule.id}: ${message}`);
      }
    }
  }
}

function observe(
  { principal, objects }: Case,
  policies: PolicySet,
  declaration: SubjectDeclaration,
  outcomes: ReadonlyMap<Rule, Outcomes>,
): void {
  const authorizer = policies.authorize(principal);
  const cells = cellsOf(declaration);
  for (const role of rolesOf(policies, principal)) {
    const applicable = [...outcomes]
      .filter(([rule]) => rule.to.includes(role))
      .map(([rule, observed]) => ({ rule, observed, holds: predicateOf(bind(rule.when, principal), declaration) }));
    for (const object of objects) {
      const holding = applicable.filter(({ holds }) => holds(object));
      for (const cell of cells) {
        const speaking = holding.filter(({ rule }) => speaksOf(rule, cell.action, cell.field));
        if (speaking.length === 0) continue;
        const { effect, ruleId } = authorizer.decide(cell.action, object, cell.field);
        for (const { observed } of speaking) {
          const name = cellName(cell);
          const outcome = observed.get(`${role} ${name}`) ?? {
            role,
            cell: name,
            deciders: new Set(),
            isAllowed: false,
          };
          if (ruleId !== null) outcome.deciders.add(ruleId);
          outcome.isAllowed ||= effect === 'allow';
          observed.set(`${role} ${name}`, outcome);
        }
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
