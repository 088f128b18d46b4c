/**
 * Every case that conditions of the fragment can tell apart. A condition compares an attribute with the constants it mentions and
 * with attributes of the principal. So it is enough to try, for each attribute, each of these constants, what the principal brings,
 * one value that is none of them, and null; and for a set, every combination of such elements. What holds in all of these cases
 * holds for every principal and every object. A person, a group and an organization never have the same id.
 */
import type { GranteeId, OrganizationId } from '../ids.js';
import type { Principal } from '../principal.js';
import type { AttributeDeclaration, SubjectDeclaration } from './catalogue.js';
import { type PolicySubject, principalAttributes, type Scalar, type Term } from './conditions.js';
import { combinationsOf, type Membership, type Roles, rolesOf } from './roles.js';

/** A principal and every object that a term could tell apart for it. */
export interface Case {
  readonly principal: Principal;
  readonly objects: readonly PolicySubject[];
}

/** What is decided about an object: an action, or one field of it. */
export interface Cell {
  readonly action: string;
  readonly field?: string;
}

export const cellName = ({ action, field }: Cell): string => (field === undefined ? action : `${action}.${field}`);

/** Every cell of the subject in the catalogue: each action, followed by its fields. */
export const cellsOf = ({ actions, fields }: SubjectDeclaration): readonly Cell[] =>
  actions.flatMap((action) => [{ action }, ...[...(fields.get(action) ?? [])].map((field) => ({ action, field }))]);

/**
 * The cases that the terms can tell apart on the subject for principals of the memberships, the plainest first. Their number doubles
 * with every constant that is compared with a set.
 */
export function casesOf(
  declaration: SubjectDeclaration,
  terms: readonly Term[],
  memberships: readonly Membership[],
): readonly Case[] {
  const compared = comparisonsIn(terms);
  return principalsFor(compared, memberships).map((principal) => ({
    principal,
    objects: objectsFor(declaration, compared, principal),
  }));
}

/** Such as `member and audit-reader someone of an-organization, in a-group`. */
export function principalText(principal: Principal, roles: Roles): string {
  const { id, organizationId, groupIds } = principal;
  const groups = groupIds.length === 0 ? '' : `, in ${groupIds.join(' and ')}`;
  return `${rolesOf(roles, principal).join(' and ')} ${id} of ${organizationId}${groups}`;
}

/** Such as `SecretKey { organizationId: an-organization, grantees(use): [someone] }`. */
export function objectText({ type, attributes }: PolicySubject): string {
  const texts = Object.entries(attributes).map(
    ([name, value]) => `${name}: ${Array.isArray(value) ? `[${value.join(', ')}]` : value}`,
  );
  return `${type} { ${texts.join(', ')} }`;
}

type Reference = keyof typeof principalAttributes;

/** What one attribute is compared with. */
interface Comparisons {
  readonly constants: Set<Scalar>;
  readonly references: Set<Reference>;
}

function comparisonsIn(terms: readonly Term[]): ReadonlyMap<string, Comparisons> {
  const compared = new Map<string, Comparisons>();
  for (const term of terms) {
    const { constants, references } = compared.get(term.attribute) ?? { constants: new Set(), references: new Set() };
    compared.set(term.attribute, { constants, references });
    const operand = 'values' in term ? term.values : term.value;
    if (operand !== null && typeof operand === 'object' && 'principal' in operand) references.add(operand.principal);
    else for (const constant of Array.isArray(operand) ? operand : [operand]) constants.add(constant);
  }
  return compared;
}

/** Principals of each membership, in a group and in none; and those that a constant names, where it is compared with the same attribute. */
function principalsFor(
  compared: ReadonlyMap<string, Comparisons>,
  memberships: readonly Membership[],
): readonly Principal[] {
  const constantsBeside = (...names: readonly Reference[]): readonly string[] =>
    [...compared.values()]
      .filter(({ references }) => names.some((name) => references.has(name)))
      .flatMap(({ constants }) => [...constants].filter((constant) => typeof constant === 'string'));
  const ids = distinct(['someone', ...constantsBeside('id', 'granteeIds')]);
  const groups = distinct(['a-group', ...constantsBeside('groupIds', 'granteeIds')]);
  const organizations = distinct(['an-organization', ...constantsBeside('organizationId', 'granteeIds')]);
  return memberships.flatMap((membership) =>
    organizations.flatMap((organizationId) =>
      ids.flatMap((id) =>
        combinationsOf(groups).map((groupIds) => ({
          ...membership,
          id: id as GranteeId,
          name: id,
          organizationId: organizationId as OrganizationId,
          groupIds: groupIds as readonly GranteeId[],
          granteeIds: [id, ...groupIds, organizationId],
        })),
      ),
    ),
  );
}

/** Objects with the attributes that a term reads; none reads the others. */
function objectsFor(
  declaration: SubjectDeclaration,
  compared: ReadonlyMap<string, Comparisons>,
  principal: Principal,
): readonly PolicySubject[] {
  const elements = elementsOfSets(declaration, compared, principal);
  let objects: readonly PolicySubject['attributes'][] = [{}];
  for (const [name, attribute] of declaration.attributes) {
    const comparisons = compared.get(name);
    if (!comparisons) continue;
    const values =
      attribute.type === 'set' ? combinationsOf(elements) : scalarsOf(name, attribute, comparisons, principal);
    objects = objects.flatMap((object) => values.map((value) => ({ ...object, [name]: value })));
  }
  return objects
    .filter((attributes) => setsAreContained(declaration, attributes))
    .map((attributes) => ({ type: declaration.name, attributes }));
}

/** What a set may have in it that a term would notice, and somebody else. */
function elementsOfSets(
  { attributes }: SubjectDeclaration,
  compared: ReadonlyMap<string, Comparisons>,
  principal: Principal,
): readonly string[] {
  const sets = [...compared].filter(([name]) => attributes.get(name)?.type === 'set');
  const noticed = sets.flatMap(([, comparisons]) => [...comparisons.constants, ...valuesOf(comparisons, principal)]);
  return distinct([...noticed.map(String), 'someone-else']);
}

type ScalarDeclaration = Exclude<AttributeDeclaration, { type: 'set' }>;

function scalarsOf(
  name: string,
  { type, values, nullable }: ScalarDeclaration,
  comparisons: Comparisons,
  principal: Principal,
): readonly Scalar[] {
  const others: Readonly<Record<typeof type, readonly Scalar[]>> = {
    string: values ?? [name === 'organizationId' ? 'another-organization' : 'something-else'],
    number: [numberBesides(comparisons)],
    boolean: [true, false],
  };
  const noticed = [...valuesOf(comparisons, principal), ...comparisons.constants, ...others[type]];
  const possible = noticed.filter((value) => value !== null && (values === null || values.includes(String(value))));
  return distinct(nullable ? [...possible, null] : possible);
}

/** What the principal brings to the comparisons. */
const valuesOf = ({ references }: Comparisons, principal: Principal): readonly Scalar[] =>
  [...references].flatMap((reference): readonly Scalar[] => {
    const value = principal[reference];
    return typeof value === 'object' && value !== null ? value : [value];
  });

const numberBesides = ({ constants }: Comparisons): number =>
  1 + Math.max(0, ...[...constants].filter((constant) => typeof constant === 'number'));

function setsAreContained({ attributes }: SubjectDeclaration, object: PolicySubject['attributes']): boolean {
  return [...attributes].every(([name, declared]) => {
    const inner = object[name];
    const outer = declared.type === 'set' && declared.subsetOf !== null ? object[declared.subsetOf] : undefined;
    return !Array.isArray(inner) || !Array.isArray(outer) || inner.every((element) => outer.includes(element));
  });
}

const distinct = <Value>(values: readonly Value[]): readonly Value[] => [...new Set(values)];
