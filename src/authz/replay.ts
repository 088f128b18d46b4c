/** Logged decisions decided again under two revisions of the policies, and how the outcomes differ. */
import type { Principal } from '../principal.js';
import type { SubjectDeclaration } from './catalogue.js';
import { bind, carries, predicateOf, type Scalar, type Term } from './conditions.js';
import { type LoggedDecision, principalOfRecord } from './decision.js';
import type { PolicySet } from './load-policies.js';
import { rolesOf, standingOf } from './roles.js';
import { type Rule, speaksOf } from './rules.js';

export interface Verdict {
  readonly effect: 'allow' | 'deny';
  readonly ruleId: string | null;
}

export type RevisionName = 'BASE' | 'HEAD';

/** Decisions that are alike in everything said of them. */
interface Alike {
  /** By the names that HEAD gives them, and BASE where HEAD has none. */
  readonly roles: readonly string[];
  /** Those that count for the principals. */
  readonly permissionSets: readonly string[];
  readonly subjectType: string;
  readonly action: string;
  readonly field: string | null;
  readonly decisions: number;
  readonly principals: number;
  /** The first one that was met. */
  readonly example: Pick<LoggedDecision, 'id' | 'occurredAt' | 'principal'>;
}

/** Decided by other rules. Where the effect is the same, nobody gains or loses anything. */
export interface ReplayedChange extends Alike {
  readonly effect: 'gain' | 'loss' | 'same';
  readonly before: Verdict;
  readonly after: Verdict;
}

/** The log does not hold what rules of the revision read. */
export interface Undecided extends Alike {
  readonly revision: RevisionName;
  /** Such as `the attribute createdById`. */
  readonly lacks: string;
}

/** The log says that the revision decided otherwise than it does: it is not of these policies, or was changed. */
export interface Contradiction extends Alike {
  readonly revision: RevisionName;
  readonly logged: Verdict;
  readonly replayed: Verdict;
}

export interface ReplayReport {
  readonly decisions: number;
  /** Each list begins with what most decisions are about. */
  readonly changes: readonly ReplayedChange[];
  readonly undecided: readonly Undecided[];
  readonly contradictions: readonly Contradiction[];
}

export class Replay {
  #decisions = 0;
  readonly #base: Revision;
  readonly #head: Revision;
  readonly #changes = new Tally<Pick<ReplayedChange, 'effect' | 'before' | 'after'>>();
  readonly #undecided = new Tally<Pick<Undecided, 'revision' | 'lacks'>>();
  readonly #contradictions = new Tally<Pick<Contradiction, 'revision' | 'logged' | 'replayed'>>();

  constructor(base: PolicySet, head: PolicySet) {
    this.#base = new Revision('BASE', base);
    this.#head = new Revision('HEAD', head);
  }

  add(logged: LoggedDecision): void {
    this.#decisions += 1;
    const principal = principalOfRecord(logged.principal);
    const before = this.#decide(this.#base, logged, principal);
    const after = this.#decide(this.#head, logged, principal);
    if (before === null || after === null) return;
    const isSameRule = before.ruleId === after.ruleId || !before.isRuleCertain || !after.isRuleCertain;
    if (before.effect === after.effect && isSameRule) return;
    const effect = before.effect === after.effect ? 'same' : after.effect === 'allow' ? 'gain' : 'loss';
    this.#changes.add(
      { effect, before: verdictOf(before), after: verdictOf(after) },
      logged,
      this.#standingOf(principal),
    );
  }

  report(): ReplayReport {
    return {
      decisions: this.#decisions,
      changes: this.#changes.list(),
      undecided: this.#undecided.list(),
      contradictions: this.#contradictions.list(),
    };
  }

  #decide(revision: Revision, logged: LoggedDecision, principal: Principal): Replayed | null {
    const outcome = revision.decide(logged, principal);
    if ('lacks' in outcome) {
      this.#undecided.add({ revision: revision.name, lacks: outcome.lacks }, logged, this.#standingOf(principal));
      return null;
    }
    const isOwn = logged.policyVersion === revision.policies.version;
    const isOther = outcome.effect !== logged.effect || (outcome.isRuleCertain && outcome.ruleId !== logged.ruleId);
    if (isOwn && isOther) {
      const contradiction = { revision: revision.name, logged: verdictOf(logged), replayed: verdictOf(outcome) };
      this.#contradictions.add(contradiction, logged, this.#standingOf(principal));
    }
    return outcome;
  }

  #standingOf(principal: Principal): Standing {
    const standing = standingOf(this.#head.policies, principal);
    return standing.roles.length > 0 ? standing : standingOf(this.#base.policies, principal);
  }
}

type Standing = Pick<Alike, 'roles' | 'permissionSets'>;

const verdictOf = ({ effect, ruleId }: Verdict): Verdict => ({ effect, ruleId });

/** What came of a question. Where the log does not hold all that rules read, the effect can be certain and the rule not. */
interface Replayed extends Verdict {
  readonly isRuleCertain: boolean;
}

const denied: Replayed = { effect: 'deny', ruleId: null, isRuleCertain: true };

class Revision {
  readonly #rules = new Map<string, readonly Rule[]>();

  constructor(
    readonly name: RevisionName,
    readonly policies: PolicySet,
  ) {}

  /** What the catalogue of the revision does not name, nobody may do under it. */
  decide(logged: LoggedDecision, principal: Principal): Replayed | { readonly lacks: string } {
    const { action, subjectType, attributes, field } = logged;
    const declaration = this.policies.catalogue.subjects.get(subjectType);
    if (!declaration?.actions.includes(action)) return denied;
    if (field !== null && !declaration.fields.get(action)?.has(field)) return denied;

    const rules = this.#rulesFor(logged, principal);
    const lacking = (terms: readonly Term[]): string | null =>
      terms.map((term) => lackOf(term, logged, declaration)).find((lack) => lack !== null) ?? null;
    if (lacking(rules.flatMap(({ when }) => when)) === null) {
      const subject = { type: subjectType, attributes };
      const { effect, ruleId } = this.policies.authorize(principal).decide(action, subject, field ?? undefined);
      return { effect, ruleId, isRuleCertain: true };
    }
    const holding: Rule[] = [];
    const open: { readonly rule: Rule; readonly lacks: string }[] = [];
    for (const rule of rules) {
      const known = rule.when.filter((term) => lackOf(term, logged, declaration) === null);
      if (!predicateOf(bind(known, principal), declaration)({ type: subjectType, attributes })) continue;
      const lacks = lacking(rule.when);
      if (lacks === null) holding.push(rule);
      else open.push({ rule, lacks });
    }
    return outcomeOf(holding, open);
  }

  /** The rules that speak to the principal about the question. */
  #rulesFor({ action, subjectType, field }: LoggedDecision, principal: Principal): readonly Rule[] {
    const roles = rolesOf(this.policies, principal);
    const key = `${roles.join(' ')} ${subjectType} ${action} ${field}`;
    const known = this.#rules.get(key);
    if (known) return known;
    const rules = this.policies.rules.filter(
      (rule) =>
        rule.subject === subjectType &&
        speaksOf(rule, action, field ?? undefined) &&
        rule.to.some((role) => roles.includes(role)),
    );
    this.#rules.set(key, rules);
    return rules;
  }
}

/** What the log does not hold of what the term reads; null when it holds all of it. */
function lackOf(term: Term, { principal, attributes, subjectType }: LoggedDecision, declaration: SubjectDeclaration) {
  if (!carries({ type: subjectType, attributes }, term.attribute, declaration))
    return `the attribute ${term.attribute}`;
  if (!('values' in term)) return null;
  if ('principal' in term.values) return principal.granteeIds === undefined ? 'the groups of the principal' : null;
  // Of a set the log has what the principal has of it.
  const logged = attributes[term.attribute];
  const isSure = term.op !== 'intersects' || term.values.length === 0 || includesOne(logged, term.values);
  return isSure ? null : `every element of ${term.attribute}`;
}

const includesOne = (set: unknown, values: readonly Scalar[]): boolean =>
  Array.isArray(set) && set.some((element) => values.includes(element));

/**
 * @param holding rules that hold, whatever the log lacks
 * @param open rules that hold, or do not
 */
function outcomeOf(
  holding: readonly Rule[],
  open: readonly { readonly rule: Rule; readonly lacks: string }[],
): Replayed | { readonly lacks: string } {
  const of = (effect: Rule['effect']) => ({
    holding: holding.filter((rule) => rule.effect === effect).map(({ id }) => id),
    open: open.filter(({ rule }) => rule.effect === effect),
  });
  const [denies, allows] = [of('deny'), of('allow')];
  const decidedBy = (effect: Rule['effect'], side: typeof denies): Replayed => {
    const [ruleId = null] = side.holding.toSorted();
    return { effect, ruleId, isRuleCertain: side.open.every(({ rule }) => ruleId !== null && rule.id > ruleId) };
  };
  if (denies.holding.length > 0) return decidedBy('deny', denies);
  // What no rule allows is denied, by whichever rule or none.
  if (allows.holding.length + allows.open.length === 0) return { ...denied, isRuleCertain: denies.open.length === 0 };
  const [undecided] = denies.open;
  if (undecided) return { lacks: undecided.lacks };
  if (allows.holding.length > 0) return decidedBy('allow', allows);
  return { lacks: allows.open[0]?.lacks ?? '' };
}

/** Counts what is said of decisions. */
class Tally<Said extends object> {
  readonly #groups = new Map<
    string,
    { readonly said: Said; readonly alike: Alike; readonly principals: Set<string> }
  >();

  add(said: Said, logged: LoggedDecision, standing: Standing): void {
    const { subjectType, action, field, id, occurredAt, principal } = logged;
    const key = JSON.stringify([said, standing, subjectType, action, field]);
    const { alike, principals } = this.#groups.get(key) ?? {
      alike: {
        ...standing,
        subjectType,
        action,
        field,
        decisions: 0,
        principals: 0,
        example: { id, occurredAt, principal },
      },
      principals: new Set<string>(),
    };
    principals.add(`${principal.organizationId} ${principal.id}`);
    const counted = { ...alike, decisions: alike.decisions + 1, principals: principals.size };
    this.#groups.set(key, { said, alike: counted, principals });
  }

  list(): readonly (Said & Alike)[] {
    return [...this.#groups]
      .toSorted(([a, { alike: x }], [b, { alike: y }]) => y.decisions - x.decisions || (a < b ? -1 : 1))
      .map(([, { said, alike }]) => ({ ...said, ...alike }));
  }
}
