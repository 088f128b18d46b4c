/**
 * Every situation that a set of terms can tell apart, each with one principal and one object that are in it: what holds in all of
 * them holds for every principal and every object. A term compares one attribute with constants or with what the principal brings.
 * So it is enough to try, as each attribute's value, every constant that is mentioned, what the principal brings, one value that is
 * nothing of this, and null; and as a constant, one that is nobody's, the principal itself, its organization, or one of its groups,
 * which are never the same.
 */
import type { GranteeId, OrganizationId } from '../ids.js';
import type { Principal } from '../principal.js';
import type { AttributeDeclaration, SubjectDeclaration } from './catalogue.js';
import { bind, type PolicySubject, predicateOf, type Scalar, type Term } from './conditions.js';
import { combinationsOf, type Kind } from './roles.js';

/** A term that says what is, never what is not. */
type AttributeFact = Term & { readonly op: 'eq' | 'in' | 'intersects' };

/** What situations differ in: whether an attribute is something, or whether the principal was given a permission set. */
export type Fact = AttributeFact | { readonly op: 'given'; readonly permissionSet: string };

export interface Situation {
  readonly principal: Principal;
  readonly object: PolicySubject;
  /** For each fact `1` when it holds, otherwise `0`. */
  readonly holds: string;
}

/** Combinations of values that are tried for the principals of one kind, before equal situations are put together. */
const mostCombinations = 200_000;

/** Rules compare with so many constants that not every combination of them can be tried; the message is a part of a sentence. */
export class TooManySituationsError extends Error {
  override readonly name = 'TooManySituationsError';

  constructor(subject: string, { kind, role }: Kind) {
    super(
      `on ${subject} for ${role ?? kind} compare with so many constants that more than ${mostCombinations.toLocaleString('en-US')} ` +
        'combinations would have to be tried',
    );
  }
}

/** @throws TooManySituationsError past `mostCombinations`. */
export function situationsOf(
  declaration: SubjectDeclaration,
  terms: readonly Term[],
  kind: Kind,
  permissionSets: readonly string[],
): { readonly facts: readonly Fact[]; readonly situations: readonly Situation[] } {
  const axes = axesOf(declaration, terms);
  const facts = axes.flatMap((axis) => axis.facts);
  const situations = new Map<string, Situation>();
  let combinations = 0;
  for (const principal of principalsFor(facts, declaration, kind, permissionSets)) {
    const given = permissionSets.map((name) => (principal.permissionSets.includes(name) ? '1' : '0')).join('');
    let parts: readonly Part[] = [{ attributes: {}, holds: given }];
    for (const axis of axes) {
      const choices = axis.parts(principal);
      combinations += parts.length * choices.length;
      if (combinations > mostCombinations) throw new TooManySituationsError(declaration.name, kind);
      parts = parts.flatMap((part) => choices.map((choice) => joined(part, choice)));
    }
    for (const { attributes, holds } of parts) {
      if (!situations.has(holds)) {
        situations.set(holds, { principal, object: { type: declaration.name, attributes }, holds });
      }
    }
  }
  const ofSets = permissionSets.map((permissionSet): Fact => ({ op: 'given', permissionSet }));
  return { facts: [...ofSets, ...facts], situations: [...situations.values()] };
}

/** Values of some attributes, and which of the facts about them hold. */
interface Part {
  readonly attributes: PolicySubject['attributes'];
  readonly holds: string;
}

const joined = (one: Part, other: Part): Part => ({
  attributes: { ...one.attributes, ...other.attributes },
  holds: one.holds + other.holds,
});

/** Attributes whose values do not depend on those of other axes: one scalar, or all sets, of which one may contain another. */
interface Axis {
  readonly facts: readonly AttributeFact[];
  /** One part for everything that the facts tell apart. */
  parts(principal: Principal): readonly Part[];
}

function axesOf(declaration: SubjectDeclaration, terms: readonly Term[]): readonly Axis[] {
  const axes: Axis[] = [];
  const sets = new Map<string, SetDeclaration>();
  const setFacts: AttributeFact[] = [];
  for (const [name, declared] of declaration.attributes) {
    const about = terms.filter(({ attribute }) => attribute === name);
    const facts = distinctBy(
      about.flatMap((term) => factsIn(term, declared)),
      (fact) => JSON.stringify(fact),
    );
    if (declared.type === 'set') {
      sets.set(name, declared);
      setFacts.push(...facts);
    } else axes.push(scalarAxis(name, declared, facts, declaration));
  }
  return sets.size === 0 ? axes : [...axes, setAxis(sets, setFacts, declaration)];
}

type SetDeclaration = Extract<AttributeDeclaration, { type: 'set' }>;
type ScalarDeclaration = Exclude<AttributeDeclaration, { type: 'set' }>;

/** All values that a scalar can have, where these are few. */
const fewValues = ({ type, values }: ScalarDeclaration): readonly Scalar[] | null =>
  type === 'boolean' ? [true, false] : values;

function factsIn(term: Term, declared: AttributeDeclaration): readonly AttributeFact[] {
  const { attribute } = term;
  const isEach = (values: readonly Scalar[]): readonly AttributeFact[] =>
    values.map((value) => ({ op: 'eq', attribute, value }));
  const few = declared.type === 'set' ? null : fewValues(declared);
  switch (term.op) {
    case 'intersects':
      return isEmpty(term.values) ? [] : [{ ...term, op: 'intersects' }];
    case 'eq':
    case 'ne': {
      const fact: AttributeFact = { op: 'eq', attribute, value: term.value };
      return few === null ? [fact] : [...isEach(few), fact];
    }
    case 'in':
    case 'nin': {
      if (!Array.isArray(term.values)) return [...isEach(few ?? []), { op: 'in', attribute, values: term.values }];
      if (few !== null || term.values.length < 2) return isEach(few ?? term.values);
      return [{ op: 'in', attribute, values: term.values }];
    }
  }
}

const isEmpty = (values: unknown): boolean => Array.isArray(values) && values.length === 0;

function scalarAxis(
  name: string,
  declared: ScalarDeclaration,
  facts: readonly AttributeFact[],
  declaration: SubjectDeclaration,
): Axis {
  return {
    facts,
    parts(principal) {
      const mentioned = facts.flatMap((fact) => operandOf(fact, principal)).filter((value) => value !== null);
      const values = fewValues(declared) ?? [...mentioned, unmentioned(name, declared, mentioned)];
      const holds = holdsFor(facts, principal, declaration);
      const all = declared.nullable ? [...values, null] : values;
      return distinctBy(
        all.map((value) => partOf({ [name]: value }, holds)),
        (part) => part.holds,
      );
    },
  };
}

const unmentioned = (name: string, { type }: ScalarDeclaration, mentioned: readonly Scalar[]): Scalar =>
  type === 'number'
    ? Math.max(0, ...mentioned.filter((value) => typeof value === 'number')) + 1
    : fresh(name === 'organizationId' ? 'another-organization' : `another-${name}`, mentioned);

function setAxis(
  sets: ReadonlyMap<string, SetDeclaration>,
  facts: readonly AttributeFact[],
  declaration: SubjectDeclaration,
): Axis {
  const placements = combinationsOf([...sets.keys()]).filter((names) =>
    names.every((name) => {
      const container = sets.get(name)?.subsetOf ?? null;
      return container === null || names.includes(container);
    }),
  );
  const empty: Sets = Object.fromEntries([...sets.keys()].map((name): [string, readonly string[]] => [name, []]));
  return {
    facts,
    parts(principal) {
      const holds = holdsFor(facts, principal, declaration);
      const elements = new Set(facts.flatMap((fact) => operandOf(fact, principal)).map(String));
      let parts: readonly (Part & { readonly attributes: Sets })[] = [partOf(empty, holds)];
      for (const element of elements) {
        const grown = parts.flatMap(({ attributes }) =>
          placements.map((names) => partOf(withElement(attributes, element, names), holds)),
        );
        parts = distinctBy([...parts, ...grown], (part) => part.holds);
      }
      return parts;
    },
  };
}

type Sets = Readonly<Record<string, readonly string[]>>;

const partOf = <Attributes extends Part['attributes']>(
  attributes: Attributes,
  holds: (attributes: Part['attributes']) => string,
): Part & { readonly attributes: Attributes } => ({ attributes, holds: holds(attributes) });

const withElement = (sets: Sets, element: string, names: readonly string[]): Sets =>
  Object.fromEntries(
    Object.entries(sets).map(([name, elements]) => [name, names.includes(name) ? [...elements, element] : elements]),
  );

/** For attributes of an object, which of the facts hold. */
function holdsFor(
  facts: readonly AttributeFact[],
  principal: Principal,
  declaration: SubjectDeclaration,
): (attributes: PolicySubject['attributes']) => string {
  const predicates = facts.map((fact) => predicateOf(bind([fact], principal), declaration));
  return (attributes) =>
    predicates.map((holds) => (holds({ type: declaration.name, attributes }) ? '1' : '0')).join('');
}

function operandOf(fact: AttributeFact, principal: Principal): readonly Scalar[] {
  const condition = bind([fact], principal);
  if ('values' in condition) return condition.values;
  return 'value' in condition ? [condition.value] : [];
}

/**
 * The principals that the facts can tell apart, first one whom no constant names and who is in no group: the plainest example. A constant can be the principal, its
 * organization or one of its groups wherever an attribute is compared both with it and with these. Of constants that only
 * ever occur side by side, four are enough to have one in each of these roles and one in none.
 */
function* principalsFor(
  facts: readonly AttributeFact[],
  { attributes }: SubjectDeclaration,
  kind: Kind,
  permissionSets: readonly string[],
): Generator<Principal> {
  const referencesIn = (fact: AttributeFact): readonly string[] => {
    const operand = fact.op === 'eq' ? fact.value : fact.values;
    return operand !== null && typeof operand === 'object' && 'principal' in operand ? [operand.principal] : [];
  };
  const references = new Set(facts.flatMap(referencesIn));
  const beside = new Set(facts.filter((fact) => referencesIn(fact).length > 0).map(({ attribute }) => attribute));
  const named = facts.filter(({ attribute }) => {
    const declared = attributes.get(attribute);
    return beside.has(attribute) && (declared?.type === 'set' || declared?.values === null);
  });
  const constants = representatives(named, facts);
  const taken = facts.flatMap(constantsOf);
  const reads = (...names: readonly string[]): boolean => names.some((name) => references.has(name));
  const nobody = {
    id: fresh('someone', taken),
    organizationId: fresh('an-organization', taken),
    groupIds: reads('groupIds', 'granteeIds') ? [fresh('a-group', taken)] : [],
  };

  function* identities(index: number, known: typeof nobody): Generator<typeof nobody> {
    const constant = constants[index];
    if (constant === undefined) {
      yield known;
      return;
    }
    yield* identities(index + 1, known);
    if (known.id === nobody.id && reads('id', 'granteeIds')) {
      yield* identities(index + 1, { ...known, id: constant });
    }
    if (known.organizationId === nobody.organizationId && reads('organizationId', 'granteeIds')) {
      yield* identities(index + 1, { ...known, organizationId: constant });
    }
    if (reads('groupIds', 'granteeIds')) {
      yield* identities(index + 1, { ...known, groupIds: [...known.groupIds, constant] });
    }
  }
  const combinations = combinationsOf(permissionSets);
  for (const { id, organizationId, groupIds } of [{ ...nobody, groupIds: [] }, ...identities(0, nobody)]) {
    for (const given of combinations) {
      yield {
        ...kind,
        permissionSets: given,
        id: id as GranteeId,
        organizationId: organizationId as OrganizationId,
        name: id,
        groupIds: groupIds.map((group) => group as GranteeId),
        granteeIds: [id, ...groupIds, organizationId],
      };
    }
  }
}

function constantsOf(fact: AttributeFact): readonly string[] {
  const operand = fact.op === 'eq' ? [fact.value] : 'principal' in fact.values ? [] : fact.values;
  return operand.filter((value) => typeof value === 'string');
}

/** The constants of the named facts; of those that all facts treat alike, four. */
function representatives(named: readonly AttributeFact[], facts: readonly AttributeFact[]): readonly string[] {
  const alike = new Map<string, string[]>();
  for (const constant of new Set(named.flatMap(constantsOf))) {
    const key = facts.map((fact) => (constantsOf(fact).includes(constant) ? '1' : '0')).join('');
    alike.set(key, [...(alike.get(key) ?? []), constant]);
  }
  return [...alike.values()].flatMap((constants) => constants.slice(0, 4));
}

/** The name, or one made from it, that is none of the taken. */
const fresh = (name: string, taken: readonly Scalar[]): string =>
  taken.includes(name) ? fresh(`${name}-2`, taken) : name;

function distinctBy<Item>(items: readonly Item[], key: (item: Item) => string): readonly Item[] {
  const first = new Map<string, Item>();
  for (const item of items) if (!first.has(key(item))) first.set(key(item), item);
  return [...first.values()];
}
