/** Decisions for one principal: of one object, of a list, of a field over any row. */
import type { Principal } from '../principal.js';
import { type Catalogue, declarationOf, type SubjectDeclaration } from './catalogue.js';
import { abilityFor, type CompiledRule, type PolicyAbility } from './compile-rules.js';
import {
  and,
  bind,
  type Condition,
  isAlways,
  isNever,
  not,
  or,
  type PolicySubject,
  predicateOf,
  withinOrganization,
} from './conditions.js';
import { type Decision, questionOf, type Readings, RecordableDecision } from './decision.js';

/** Which objects of the principal's organization an action reaches. */
export type Access =
  | { readonly kind: 'none' }
  /** Everything in the principal's organization. */
  | { readonly kind: 'organization' }
  /** The objects whose set attribute has one of the values. */
  | { readonly kind: 'membership'; readonly attribute: string; readonly values: readonly string[] }
  | { readonly kind: 'condition'; readonly condition: Condition };

type RowPredicate = (subject: PolicySubject) => boolean;
export type FieldVerdict = 'always' | 'never' | RowPredicate;

export interface Authorizer {
  readonly principal: Principal;
  readonly policyVersion: string;
  /**
   * Whether the principal may do this to the subject, and which rule says so. Without a field, `read` asks whether the
   * object may be seen at all. Throws for a name that the catalogue does not have, and for a subject that lacks an attribute
   * which an applicable rule reads: neither is ever a yes or a no.
   */
  decide(action: string, subject: PolicySubject, field?: string): Decision;
  can(action: string, subject: PolicySubject, field?: string): boolean;
  /** The objects for which `decide(action, object)` allows. */
  accessibleBy(action: string, subjectType: string): Access;
  /**
   * `decide(action, row, field)` for every row at once: always, never, or by a predicate of the row. What stands under the same
   * conditions has the same function, so that one row's answer can be kept for all of it.
   */
  verdict(action: string, subjectType: string, field?: string): FieldVerdict;
  /** The verdict of a field, for reading it unless another action is named. */
  fieldMask(subjectType: string, field: string, action?: string): FieldVerdict;
}

export class PolicyAuthorizer implements Authorizer {
  private readonly ability: PolicyAbility;
  /** By what is asked, by the rules that apply, and by what these leave of their conditions; the last two as few as the rules. */
  private readonly verdicts = new Map<string, FieldVerdict>();
  private readonly verdictsOfRules = new Map<string, FieldVerdict>();
  private readonly predicates = new Map<string, RowPredicate>();

  constructor(
    readonly principal: Principal,
    readonly policyVersion: string,
    private readonly catalogue: Catalogue,
    compiledRules: readonly CompiledRule[],
    /** Of all rules, also those to other roles. */
    private readonly readings: Readings,
  ) {
    this.ability = abilityFor(principal, compiledRules, catalogue);
  }

  decide(action: string, subject: PolicySubject, field?: string): Decision {
    declarationOf(this.catalogue, subject.type, action, field);
    const rule = this.ability.relevantRuleFor(action, subject, field);
    const effect = rule && !rule.inverted ? 'allow' : 'deny';
    return new RecordableDecision(effect, rule?.reason ?? null, this.policyVersion, () =>
      questionOf(this.principal, action, subject, field, this.readings(subject.type, action)),
    );
  }

  can(action: string, subject: PolicySubject, field?: string): boolean {
    return this.decide(action, subject, field).effect === 'allow';
  }

  accessibleBy(action: string, subjectType: string): Access {
    const declaration = declarationOf(this.catalogue, subjectType, action);
    const { granted, refused } = this.conditionsOf(action, subjectType);
    if (isNever(granted) || isAlways(refused)) return { kind: 'none' };
    if (isNever(refused)) {
      if (isAlways(granted)) return { kind: 'organization' };
      const membership = membershipOf(granted, declaration);
      if (membership) return membership;
    }
    return { kind: 'condition', condition: this.inOrganization(and([granted, not(refused)])) };
  }

  fieldMask(subjectType: string, field: string, action = 'read'): FieldVerdict {
    return this.verdict(action, subjectType, field);
  }

  verdict(action: string, subjectType: string, field?: string): FieldVerdict {
    return kept(this.verdicts, `${subjectType} ${action} ${field ?? ''}`, () => {
      const declaration = declarationOf(this.catalogue, subjectType, action, field);
      const rules = this.ability.rulesFor(action, subjectType, field);
      const key = rules.map(({ inverted, conditions }) => `${inverted} ${conditions?.text}`).join('\n');
      return kept(this.verdictsOfRules, `${subjectType} ${key}`, () => {
        const { granted, refused } = this.conditionsOf(action, subjectType, field);
        return this.verdictOf(and([granted, not(refused)]), declaration);
      });
    });
  }

  private verdictOf(condition: Condition, declaration: SubjectDeclaration): FieldVerdict {
    if (isNever(condition)) return 'never';
    if (isAlways(condition) && declaration.scope === 'request') return 'always';
    return kept(this.predicates, `${declaration.name} ${JSON.stringify(condition)}`, () =>
      predicateOf(this.inOrganization(condition), declaration),
    );
  }

  private conditionsOf(action: string, subjectType: string, field?: string): AccessConditions {
    const rules = this.ability.rulesFor(action, subjectType, field);
    const anyOf = (inverted: boolean): Condition =>
      or(
        rules
          .filter((rule) => rule.inverted === inverted)
          .map(({ conditions }) => bind(conditions?.terms ?? [], this.principal))
          .map((condition) => withinOrganization(condition, this.principal.organizationId)),
      );
    return { granted: anyOf(false), refused: anyOf(true) };
  }

  private inOrganization(condition: Condition): Condition {
    return and([{ op: 'eq', attribute: 'organizationId', value: this.principal.organizationId }, condition]);
  }
}

/** What the map has under the key; made and kept when it has nothing. */
function kept<Value>(values: Map<string, Value>, key: string, make: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  const made = make();
  values.set(key, made);
  return made;
}

/** Within the principal's organization: what allow rules grant and what deny rules take away. */
interface AccessConditions {
  readonly granted: Condition;
  readonly refused: Condition;
}

/** The condition as one set attribute, when it is nothing else. A set inside another one adds nothing and is left out. */
function membershipOf(granted: Condition, declaration: SubjectDeclaration): Access | null {
  const sets: Membership[] = [];
  for (const part of granted.op === 'or' ? granted.conditions : [granted]) {
    if (part.op !== 'intersects') return null;
    sets.push({ attribute: part.attribute, values: part.values.map(String) });
  }
  const widest = sets.filter((set) => !sets.some((other) => contains(other, set, declaration)));
  const [first] = widest;
  if (!first || widest.some(({ attribute }) => attribute !== first.attribute)) return null;
  return {
    kind: 'membership',
    attribute: first.attribute,
    values: [...new Set(widest.flatMap(({ values }) => values))],
  };
}

interface Membership {
  readonly attribute: string;
  readonly values: readonly string[];
}

function contains(wide: Membership, narrow: Membership, declaration: SubjectDeclaration): boolean {
  const declared = declaration.attributes.get(narrow.attribute);
  if (declared?.type !== 'set' || declared.subsetOf !== wide.attribute) return false;
  const values = new Set(wide.values);
  return narrow.values.every((value) => values.has(value));
}
