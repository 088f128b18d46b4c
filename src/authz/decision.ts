/** A decision, with what it was asked: as much as rules read, which is enough to decide it again, and no more. */
import type { GranteeId } from '../ids.js';
import type { Principal } from '../principal.js';
import type { PolicySubject, Scalar, Term } from './conditions.js';
import type { Rule } from './rules.js';

export interface Decision {
  readonly effect: 'allow' | 'deny';
  /** The rule that decided: of several with the same effect the first by id. Null when no rule allowed. */
  readonly ruleId: string | null;
  readonly policyVersion: string;
  /** What was asked, for the decision log. */
  question(): Question;
}

/** `granteeIds` is there only when a rule about the action reads a list of the principal. */
export type RecordedPrincipal = Pick<Principal, 'kind' | 'id' | 'organizationId' | 'role' | 'permissionSets'> &
  Partial<Pick<Principal, 'granteeIds'>>;

export interface Question {
  readonly action: string;
  readonly subjectType: string;
  readonly field: string | null;
  readonly principal: RecordedPrincipal;
  /**
   * Those that any rule about the action reads, to whichever role it speaks, so that a rule may be given to another role and the
   * question decided again. Of a set only the elements that are among the principal's grantees: no rule notices others unless it
   * compares the set with constants.
   */
  readonly attributes: PolicySubject['attributes'];
}

/** A decision as the log keeps it. */
export interface LoggedDecision extends Question {
  readonly id: string;
  /** In milliseconds since 1970. */
  readonly occurredAt: number;
  readonly effect: Decision['effect'];
  readonly ruleId: string | null;
  readonly policyVersion: string;
}

/** What some rules read. */
export interface Reading {
  readonly attributes: readonly string[];
  /** Whether one of them names `principal.groupIds` or `principal.granteeIds`. */
  readonly readsLists: boolean;
}

const readingOf = (terms: readonly Term[]): Reading => ({
  attributes: [...new Set(terms.map(({ attribute }) => attribute))],
  readsLists: terms.some((term) => 'values' in term && 'principal' in term.values),
});

/** What the rules about one action on one subject read together. */
export type Readings = (subjectType: string, action: string) => Reading;

export function readingsOf(rules: readonly Rule[]): Readings {
  const known = new Map<string, Reading>();
  return (subjectType, action) => {
    const key = `${subjectType} ${action}`;
    const about = (rule: Rule): boolean => rule.subject === subjectType && rule.actions.includes(action);
    const reading = known.get(key) ?? readingOf(rules.filter(about).flatMap(({ when }) => when));
    known.set(key, reading);
    return reading;
  };
}

/** The question is put together when it is asked for: most decisions are never logged. Printed, it is effect, rule and version alone. */
export class RecordableDecision implements Decision {
  readonly #question: () => Question;

  constructor(
    readonly effect: Decision['effect'],
    readonly ruleId: string | null,
    readonly policyVersion: string,
    question: () => Question,
  ) {
    this.#question = question;
  }

  question(): Question {
    return this.#question();
  }
}

export function questionOf(
  principal: Principal,
  action: string,
  subject: PolicySubject,
  field: string | undefined,
  reading: Reading,
): Question {
  const { kind, id, organizationId, role, permissionSets, granteeIds } = principal;
  const ofPrincipal = new Set<Scalar>(granteeIds);
  const attributes = reading.attributes.flatMap((name) => {
    const value = subject.attributes[name];
    if (value === undefined) return [];
    return [[name, Array.isArray(value) ? value.filter((element) => ofPrincipal.has(element)) : value] as const];
  });
  return {
    action,
    subjectType: subject.type,
    field: field ?? null,
    principal: { kind, id, organizationId, role, permissionSets, ...(reading.readsLists && { granteeIds }) },
    attributes: Object.fromEntries(attributes),
  };
}

/** The principal of a logged decision. Its name decides nothing and is not logged. */
export function principalOfRecord({ granteeIds, ...rest }: RecordedPrincipal): Principal {
  const groupIds = (granteeIds ?? []).filter((id): id is GranteeId => id !== rest.id && id !== rest.organizationId);
  return { ...rest, name: rest.id, groupIds, granteeIds: granteeIds ?? [] };
}
