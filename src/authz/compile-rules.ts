/** Rules of the policy as rules of CASL. */
import type { AbilityTuple, RawRuleOf } from '@casl/ability';
import { Ability } from '@casl/ability';
import type { Principal } from '../principal.js';
import type { Catalogue } from './catalogue.js';
import { bind, type PolicySubject, predicateOf, type Term } from './conditions.js';
import type { Rule } from './rules.js';

/** What a CASL rule carries as its conditions: the terms of one policy rule over one subject type. */
export interface RuleConditions {
  readonly subject: string;
  readonly terms: readonly Term[];
  /** The terms as text: equal for equal terms. */
  readonly text: string;
}

export type PolicyAbility = Ability<AbilityTuple<string, string | PolicySubject>, RuleConditions>;
export type CompiledRule = RawRuleOf<PolicyAbility>;

/**
 * The rules that speak to any of the roles. CASL lets the last rule that matches decide: the denies come last, so that a deny
 * beats every allow, and within an effect ids descend, so that of several matches the first id in the alphabet is named.
 */
export function compileRules(rules: readonly Rule[], roles: readonly string[]): readonly CompiledRule[] {
  const applicable = rules
    .filter((rule) => rule.to.some((role) => roles.includes(role)))
    .sort((a, b) => (a.effect === b.effect ? (a.id < b.id ? 1 : -1) : a.effect === 'allow' ? -1 : 1));
  return Object.freeze(applicable.map(compileRule));
}

function compileRule({ id, effect, actions, subject, fields, when }: Rule): CompiledRule {
  return frozen({
    action: [...actions],
    subject,
    inverted: effect === 'deny',
    conditions: { subject, terms: when, text: JSON.stringify(when) },
    reason: id,
    ...(fields && { fields: [...fields] }),
  });
}

function frozen<T extends object>(value: T): T {
  for (const part of Object.values(value)) {
    if (typeof part === 'object' && part !== null) frozen(part);
  }
  Object.freeze(value);
  return value;
}

/**
 * The principal's ability. CASL's own matchers are not used: its conditions read an unknown operator as equality and let a
 * missing attribute pass a deny, and its fields are patterns. Its names for "everything" are names that no catalogue can hold.
 */
export function abilityFor(
  principal: Principal,
  compiledRules: readonly CompiledRule[],
  catalogue: Catalogue,
): PolicyAbility {
  return new Ability([...compiledRules], {
    conditionsMatcher: ({ subject, terms }: RuleConditions) => {
      const declaration = catalogue.subjects.get(subject);
      if (!declaration) throw new Error(`The policy catalogue has no subject ${JSON.stringify(subject)}.`);
      const holds = predicateOf(bind(terms, principal), declaration);
      return (object) => holds(object as PolicySubject);
    },
    fieldMatcher: (fields) => {
      const names = new Set<string>(fields);
      return (field) => names.has(field);
    },
    detectSubjectType: (subject) => subject.type,
    anyAction: '*',
    anySubjectType: '*',
  });
}
