/** Logged decisions decided again under two revisions of the policies, and how the outcomes differ. */
import type { Principal } from '../principal.js';
import { carries } from './conditions.js';
import { type LoggedDecision, principalOfRecord, type Reading, readingOf } from './decision.js';
import type { PolicySet } from './load-policies.js';
import { rolesOf, standingOf } from './roles.js';
import { speaksOf } from './rules.js';

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
    if (before.effect === after.effect && before.ruleId === after.ruleId) return;
    const effect = before.effect === after.effect ? 'same' : after.effect === 'allow' ? 'gain' : 'loss';
    this.#changes.add({ effect, before, after }, logged, this.#standingOf(principal));
  }

  report(): ReplayReport {
    return {
      decisions: this.#decisions,
      changes: this.#changes.list(),
      undecided: this.#undecided.list(),
      contradictions: this.#contradictions.list(),
    };
  }

  #decide(revision: Revision, logged: LoggedDecision, principal: Principal): Verdict | null {
    const outcome = revision.decide(logged, principal);
    if ('lacks' in outcome) {
      this.#undecided.add({ revision: revision.name, lacks: outcome.lacks }, logged, this.#standingOf(principal));
      return null;
    }
    const isOwn = logged.policyVersion === revision.policies.version;
    if (isOwn && (outcome.effect !== logged.effect || outcome.ruleId !== logged.ruleId)) {
      const said = { effect: logged.effect, ruleId: logged.ruleId };
      const contradiction = { revision: revision.name, logged: said, replayed: outcome };
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

const denied: Verdict = { effect: 'deny', ruleId: null };

class Revision {
  readonly #readings = new Map<string, Reading>();

  constructor(
    readonly name: RevisionName,
    readonly policies: PolicySet,
  ) {}

  /** What the catalogue of the revision does not name, nobody may do under it. */
  decide(logged: LoggedDecision, principal: Principal): Verdict | { readonly lacks: string } {
    const { action, subjectType, attributes, field } = logged;
    const declaration = this.policies.catalogue.subjects.get(subjectType);
    if (!declaration?.actions.includes(action)) return denied;
    if (field !== null && !declaration.fields.get(action)?.has(field)) return denied;

    const { attributes: needed, readsLists, setOfConstants } = this.#readingFor(logged, principal);
    const subject = { type: subjectType, attributes };
    const missing = needed.find((attribute) => !carries(subject, attribute, declaration));
    if (missing !== undefined) return { lacks: `the attribute ${missing}` };
    if (readsLists && logged.principal.granteeIds === undefined) return { lacks: 'the groups of the principal' };
    if (setOfConstants !== null) return { lacks: `every element of ${setOfConstants}` };

    const { effect, ruleId } = this.policies.authorize(principal).decide(action, subject, field ?? undefined);
    return { effect, ruleId };
  }

  /** What the rules that speak to the principal about the question read. */
  #readingFor({ action, subjectType, field }: LoggedDecision, principal: Principal): Reading {
    const roles = rolesOf(this.policies, principal);
    const key = `${roles.join(' ')} ${subjectType} ${action} ${field}`;
    const known = this.#readings.get(key);
    if (known) return known;
    const rules = this.policies.rules.filter(
      (rule) =>
        rule.subject === subjectType &&
        speaksOf(rule, action, field ?? undefined) &&
        rule.to.some((role) => roles.includes(role)),
    );
    const reading = readingOf(rules.flatMap(({ when }) => when));
    this.#readings.set(key, reading);
    return reading;
  }
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
