/**
 * Who gains and who loses what between two revisions of the policies: exactly, for every principal and every object. In the
 * fragment there are only so many situations that the rules of both can tell apart; each is decided under both.
 */
import type { Principal } from '../principal.js';
import { PolicyAuthorizer } from './authorizer.js';
import { type Cell, cellName, cellsOf } from './cases.js';
import type { Catalogue, SubjectDeclaration } from './catalogue.js';
import { compileRules } from './compile-rules.js';
import { bind, type PolicySubject, predicateOf } from './conditions.js';
import { readingsOf } from './decision.js';
import { cellsIn, covers, type DeclaredGain } from './declared-gains.js';
import { cover, matches } from './diff-cover.js';
import {
  type DefinitionChange,
  definitionChanges,
  IncomparablePoliciesError,
  mergeCatalogues,
  type Revision,
} from './diff-definitions.js';
import { type Finding, Findings } from './policy-files.js';
import { type Kind, kinds, membershipRolesOf, rolesOf, setsFor } from './roles.js';
import type { Rule } from './rules.js';
import { type Fact, type Situation, situationsOf, TooManySituationsError } from './situations.js';

export interface AccessChange {
  readonly effect: 'gain' | 'loss';
  /** By the names that HEAD gives them, and BASE where HEAD has none. */
  readonly roles: readonly string[];
  readonly subject: string;
  readonly cells: readonly Cell[];
  /** The change is for every principal and object for which all of these are as said, and for no other. */
  readonly when: readonly Circumstance[];
  readonly example: { readonly principal: Principal; readonly object: PolicySubject };
  /** What declares a gain; null when nothing does, and for a loss. */
  readonly declaration: DeclaredGain | null;
}

export interface Circumstance {
  readonly fact: Fact;
  readonly holds: boolean;
}

export interface PolicyDiff {
  /** What either revision can be asked. */
  readonly catalogue: Catalogue;
  readonly changes: readonly AccessChange[];
  readonly definitions: readonly DefinitionChange[];
  /** One for each role and cell that is declared to be gained, and is not. */
  readonly unused: readonly Finding[];
}

/** Throws an IncomparablePoliciesError when the revisions cannot be compared, or not within the bound. */
export function diffPolicies(base: Revision, head: Revision, declared: readonly DeclaredGain[] = []): PolicyDiff {
  const catalogue = mergeCatalogues(base.catalogue, head.catalogue);
  const used = new Set<string>();
  const changes = kinds.flatMap((kind) =>
    [...catalogue.subjects.values()].flatMap((declaration) =>
      declaration.actions.flatMap((action) => {
        const before = sideOf(base, kind, declaration, action);
        const after = sideOf(head, kind, declaration, action);
        return before.text === after.text
          ? []
          : changesBetween({ before, after, catalogue, declaration, action, kind, declared, used });
      }),
    ),
  );
  return {
    catalogue,
    changes: together(changes),
    definitions: definitionChanges(base, head),
    unused: unusedAmong(declared, used),
  };
}

/** What one revision says to the principals of a kind about one action. */
interface Side {
  readonly revision: Revision;
  readonly roles: readonly string[];
  /** The permission sets that are offered to them and that a rule speaks to. */
  readonly permissionSets: readonly string[];
  readonly rules: readonly Rule[];
  /** The same for rules that decide alike, and possibly for no others. */
  readonly text: string;
}

function sideOf(revision: Revision, kind: Kind, { name }: SubjectDeclaration, action: string): Side {
  const roles = membershipRolesOf(revision.roles, kind);
  const offered = revision.permissionSets
    .filter(({ offeredTo }) => offeredTo.some((role) => roles.includes(role)))
    .map((set) => set.name);
  const spokenTo = ({ to }: Rule): readonly string[] =>
    to.some((each) => roles.includes(each)) ? roles : offered.filter((each) => to.includes(each)).sort();
  const rules = revision.rules.filter(
    (rule) => rule.subject === name && rule.actions.includes(action) && spokenTo(rule).length > 0,
  );
  const texts = rules.map((rule) => {
    const to = spokenTo(rule) === roles ? null : spokenTo(rule);
    return JSON.stringify([rule.effect, rule.fields, rule.when, to]);
  });
  return { revision, roles, permissionSets: setsFor(revision, kind, rules), rules, text: texts.sort().join('\n') };
}

interface Comparison {
  readonly before: Side;
  readonly after: Side;
  readonly catalogue: Catalogue;
  readonly declaration: SubjectDeclaration;
  readonly action: string;
  readonly kind: Kind;
  readonly declared: readonly DeclaredGain[];
  /** What of the declarations is so: see `declarationKey`. */
  readonly used: Set<string>;
}

/** A gain is told by what declares it. */
type Outcome = 'same' | 'loss' | 'gain' | DeclaredGain;

function changesBetween(comparison: Comparison): readonly AccessChange[] {
  const { before, after, declaration, action, kind, used } = comparison;
  const named = [...after.roles, ...after.permissionSets];
  const declared = comparison.declared.filter(
    ({ subject, actions, roles }) =>
      subject === declaration.name && actions.includes(action) && roles.some((role) => named.includes(role)),
  );
  const terms = [...before.rules, ...after.rules]
    .flatMap(({ when }) => when)
    .concat(declared.flatMap(({ who }) => who));
  const permissionSets = [...new Set([...after.permissionSets, ...before.permissionSets])];
  const { facts, situations } = comparable(() => situationsOf(declaration, terms, kind, permissionSets));
  const outcomeOf = outcomesOf({ ...comparison, declared });
  return cellsOf(declaration)
    .filter((cell) => cell.action === action)
    .flatMap((cell) =>
      [...groupedBy(situations, (situation) => outcomeOf(situation, cell))].flatMap(([outcome, changed]) => {
        if (outcome === 'same') return [];
        if (typeof outcome === 'object') {
          for (const { principal } of changed) {
            for (const role of rolesOf(after.revision, principal)) used.add(declarationKey(outcome, role, cell));
          }
        }
        const others = situations.filter((situation) => !changed.includes(situation));
        return cover(changed.map(holdsIn), others.map(holdsIn)).map((pattern): AccessChange => {
          const example = changed.find(({ holds }) => matches(pattern, holds));
          if (!example) throw new Error('A pattern matches no situation.');
          return {
            effect: outcome === 'loss' ? 'loss' : 'gain',
            roles: after.roles.length > 0 ? after.roles : before.roles,
            subject: declaration.name,
            cells: [cell],
            when: circumstancesOf(pattern, facts),
            example: { principal: example.principal, object: example.object },
            declaration: typeof outcome === 'object' ? outcome : null,
          };
        });
      }),
    );
}

function comparable<Result>(compare: () => Result): Result {
  try {
    return compare();
  } catch (error) {
    if (!(error instanceof TooManySituationsError)) throw error;
    throw new IncomparablePoliciesError(
      `The changed rules ${error.message}. Change fewer rules at once, or name fewer constants beside the principal.`,
    );
  }
}

const holdsIn = ({ holds }: Situation): string => holds;

const circumstancesOf = (pattern: string, facts: readonly Fact[]): readonly Circumstance[] =>
  facts.flatMap((fact, index) => (pattern[index] === '-' ? [] : [{ fact, holds: pattern[index] === '1' }]));

function outcomesOf(comparison: Comparison): (situation: Situation, cell: Cell) => Outcome {
  const { before, after, catalogue, declaration, declared } = comparison;
  const authorizerOf = ({ rules, revision }: Side): ((principal: Principal) => PolicyAuthorizer) => {
    const readings = readingsOf(rules);
    const compiledFor = memoized((names: string) => compileRules(rules, names.split(' ')));
    return (principal) => {
      const compiled = compiledFor(rolesOf(revision, principal).join(' '));
      return new PolicyAuthorizer(principal, 'compared', catalogue, compiled, readings);
    };
  };
  const authorizerBefore = authorizerOf(before);
  const authorizerAfter = authorizerOf(after);
  const forPrincipal = memoized((principal: Principal) => ({
    before: authorizerBefore(principal),
    after: authorizerAfter(principal),
    declared: declared
      .filter(({ roles }) => rolesOf(after.revision, principal).some((role) => roles.includes(role)))
      .map((gain) => ({ gain, isMeant: predicateOf(bind(gain.who, principal), declaration) })),
  }));
  return ({ principal, object }, { action, field }) => {
    const asked = forPrincipal(principal);
    const could = asked.before.can(action, object, field);
    const can = asked.after.can(action, object, field);
    if (could === can) return 'same';
    if (could) return 'loss';
    return (
      asked.declared.find(({ gain, isMeant }) => covers(gain, { action, field }) && isMeant(object))?.gain ?? 'gain'
    );
  };
}

function memoized<Key, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const value = made.get(key) ?? make(key);
    made.set(key, value);
    return value;
  };
}

/** Changes of the same kind under the same circumstances as one: first their cells, then the roles that have all of them. */
function together(changes: readonly AccessChange[]): readonly AccessChange[] {
  const kind = ({ effect, subject, when, declaration }: AccessChange) => ({ effect, subject, when, declaration });
  const byRole = groupedBy(changes, (change) => JSON.stringify([kind(change), change.roles]));
  const withCells = [...byRole.values()].map((group) => ({ ...group[0], cells: group.flatMap(({ cells }) => cells) }));
  const byCells = groupedBy(withCells, (change) => JSON.stringify([kind(change), change.cells]));
  return [...byCells.values()].map((group) => ({ ...group[0], roles: group.flatMap(({ roles }) => roles) }));
}

function groupedBy<Item, Key>(
  items: readonly Item[],
  key: (item: Item) => Key,
): ReadonlyMap<Key, readonly [Item, ...Item[]]> {
  const groups = new Map<Key, [Item, ...Item[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return groups;
}

/** What a declaration says of one role, or of one permission set, and one cell. */
const declarationKey = ({ at }: DeclaredGain, role: string, cell: Cell): string =>
  `${at.file}:${at.line} ${role} ${cellName(cell)}`;

function unusedAmong(declared: readonly DeclaredGain[], used: ReadonlySet<string>): readonly Finding[] {
  const findings = new Findings();
  for (const gain of declared) {
    for (const role of gain.roles) {
      for (const cell of cellsIn(gain).filter((each) => !used.has(declarationKey(gain, role, each)))) {
        const message = `declares that ${role} gains ${cellName(cell)} of ${gain.subject}, which is not so`;
        findings.add(gain.at, 'unused-declaration', message);
      }
    }
  }
  return findings.all;
}
