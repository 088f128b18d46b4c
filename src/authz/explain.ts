/** Why a decision fell: the rule that decided, term by term; or the rule that comes nearest to allowing it, and what it misses. */
import type { Principal } from '../principal.js';
import { declarationOf, type SubjectDeclaration } from './catalogue.js';
import { bind, type PolicySubject, predicateOf, type Scalar, type Term, termText } from './conditions.js';
import type { Decision } from './decision.js';
import type { PolicySet } from './load-policies.js';
import type { Location } from './policy-files.js';
import { rolesOf } from './roles.js';
import { type Rule, speaksOf } from './rules.js';

export interface Explanation {
  readonly decision: Decision;
  readonly roles: readonly string[];
  /** The rule that decided; when none did, the allow rule that misses least, or null when none allows it to anyone. */
  readonly rule: ExplainedRule | null;
}

export interface ExplainedRule {
  readonly id: string;
  readonly effect: Rule['effect'];
  readonly why: string;
  readonly at: Location;
  /** Roles, without the permission sets. */
  readonly to: readonly string[];
  readonly toPermissionSets: readonly string[];
  /** Whether it speaks to a role that the principal has. */
  readonly isToPrincipal: boolean;
  readonly terms: readonly ExplainedTerm[];
}

export interface ExplainedTerm {
  /** As the rule has it, such as `grantees(use): { in: principal.granteeIds }`. */
  readonly text: string;
  readonly at: Location;
  readonly holds: boolean;
  readonly op: Term['op'];
  readonly attribute: string;
  /** What the object has. */
  readonly actual: Scalar | readonly string[];
  /** What that is compared with, the principal's attributes put in. */
  readonly compared: readonly Scalar[];
  /** Those that a set and the list of the principal have in common: through whom it holds. */
  readonly through: readonly string[];
}

/** Throws as `decide` does: for names that the catalogue does not have, and for a subject that lacks an attribute. */
export function explainDecision(
  policies: PolicySet,
  principal: Principal,
  action: string,
  subject: PolicySubject,
  field?: string,
): Explanation {
  const decision = policies.authorize(principal).decide(action, subject, field);
  const declaration = declarationOf(policies.catalogue, subject.type, action, field);
  const roles = rolesOf(policies, principal);
  const explained = policies.rules
    .filter((rule) => rule.subject === subject.type && speaksOf(rule, action, field))
    .map((rule) => explainRule(rule, principal, roles, subject, declaration, policies));
  const rule =
    decision.ruleId === null
      ? explained.filter(({ effect }) => effect === 'allow').sort(byDistance)[0]
      : explained.find(({ id }) => id === decision.ruleId);
  return { decision, roles, rule: rule ?? null };
}

function explainRule(
  { id, effect, why, at, to, when, termLines }: Rule,
  principal: Principal,
  roles: readonly string[],
  subject: PolicySubject,
  declaration: SubjectDeclaration,
  { permissionSets }: PolicySet,
): ExplainedRule {
  const terms = when.map((term, index) => {
    const line = termLines[index] ?? at.line;
    return explainTerm(term, { file: at.file, line }, principal, subject, declaration);
  });
  const isSet = (name: string): boolean => permissionSets.some((set) => set.name === name);
  return {
    id,
    effect,
    why,
    at,
    to: to.filter((name) => !isSet(name)),
    toPermissionSets: to.filter(isSet),
    isToPrincipal: to.some((name) => roles.includes(name)),
    terms,
  };
}

function explainTerm(
  term: Term,
  at: Location,
  principal: Principal,
  subject: PolicySubject,
  declaration: SubjectDeclaration,
): ExplainedTerm {
  const { op, attribute } = term;
  const condition = bind([term], principal);
  const actual = subject.attributes[attribute] ?? null;
  const compared = 'values' in condition ? condition.values : 'value' in condition ? [condition.value] : [];
  return {
    text: termText(term),
    at,
    holds: predicateOf(condition, declaration)(subject),
    op,
    attribute,
    actual,
    compared,
    through: op === 'intersects' && Array.isArray(actual) ? actual.filter((element) => compared.includes(element)) : [],
  };
}

/** How much a rule misses; of rules that miss as much, first the one that speaks to the principal. */
function byDistance(a: ExplainedRule, b: ExplainedRule): number {
  const distance = ({ isToPrincipal, terms }: ExplainedRule): number =>
    terms.filter(({ holds }) => !holds).length + (isToPrincipal ? 0 : 1.5);
  return distance(a) - distance(b) || (a.id < b.id ? -1 : 1);
}
