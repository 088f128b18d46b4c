/** What two revisions define: the catalogue that holds for both, and how their definitions differ. */
import type { AttributeDeclaration, Catalogue, SubjectDeclaration } from './catalogue.js';
import type { PolicySet } from './load-policies.js';
import type { PermissionSet, Role } from './roles.js';

/** A revision of the policies, as far as decisions depend on it. */
export type Revision = Pick<PolicySet, 'catalogue' | 'roles' | 'permissionSets' | 'rules'>;

/** Rules of the two revisions cannot be decided for one object; the message is a sentence that says why. */
export class IncomparablePoliciesError extends Error {
  override readonly name = 'IncomparablePoliciesError';
}

export interface DefinitionChange {
  readonly change: 'added' | 'removed' | 'changed';
  /** Such as `field SecretKey.read.name`. */
  readonly definition: string;
}

export const definitionChanges = (base: Revision, head: Revision): readonly DefinitionChange[] =>
  changesBetween(definitionsOf(base), definitionsOf(head));

/** By the texts of the invariants of both. An invariant that is gone lets rules through which it ruled out. */
export const invariantChanges = (
  base: ReadonlyMap<string, string>,
  head: ReadonlyMap<string, string>,
): readonly DefinitionChange[] => changesBetween(named(base), named(head));

const named = (texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
  new Map([...texts].map(([id, text]) => [`invariant ${id}`, text]));

function changesBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly DefinitionChange[] {
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((definition): DefinitionChange[] => {
    if (!before.has(definition)) return [{ change: 'added', definition }];
    if (!after.has(definition)) return [{ change: 'removed', definition }];
    return before.get(definition) === after.get(definition) ? [] : [{ change: 'changed', definition }];
  });
}

/** Each definition by its name, with everything about it that no other definition says. */
const definitionsOf = ({ catalogue, roles, permissionSets }: Revision): ReadonlyMap<string, string> =>
  new Map([
    ...[...catalogue.subjects.values()].flatMap(definitionsIn),
    ...roles.map(definitionOfRole),
    ...permissionSets.map(definitionOfSet),
  ]);

const definitionOfRole = ({ name, ...membership }: Role): [string, string] => [
  `role ${name}`,
  JSON.stringify(membership),
];

/** What it is offered for is said by its rules, and to whom is a part of who gains and who loses. */
const definitionOfSet = ({ name, offeredTo }: PermissionSet): [string, string] => [
  `permission set ${name}`,
  JSON.stringify(offeredTo.toSorted()),
];

function definitionsIn({ name, scope, table, actions, fields, writeOnly, attributes }: SubjectDeclaration) {
  const named = (kind: string, names: Iterable<string>) =>
    [...names].map((it): [string, string] => [`${kind} ${name}.${it}`, '']);
  return [
    [`subject ${name}`, JSON.stringify([scope, table])] as [string, string],
    ...named('action', actions),
    ...[...fields].flatMap(([action, names]) =>
      named(
        'field',
        [...names].map((field) => `${action}.${field}`),
      ),
    ),
    ...named('write-only field', writeOnly),
    ...[...attributes].map(([key, it]): [string, string] => [`attribute ${name}.${key}`, JSON.stringify(it)]),
  ];
}

/**
 * The catalogue of every question and every object that either revision knows. A promise about sets counts where both make it.
 * Throws an IncomparablePoliciesError for an attribute that has another type in each.
 */
export function mergeCatalogues(base: Catalogue, head: Catalogue): Catalogue {
  return { subjects: merged(base.subjects, head.subjects, (before, after) => mergeSubjects(before, after)) };
}

const mergeSubjects = (before: SubjectDeclaration, after: SubjectDeclaration): SubjectDeclaration => ({
  ...after,
  actions: union(after.actions, before.actions),
  fields: merged(before.fields, after.fields, (some, others) => new Set(union(others, some))),
  attributes: merged(before.attributes, after.attributes, (one, other, name) =>
    mergeAttributes(one, other, `${after.name}.${name}`),
  ),
});

function mergeAttributes(
  before: AttributeDeclaration,
  after: AttributeDeclaration,
  name: string,
): AttributeDeclaration {
  if (before.type === 'set' && after.type === 'set') {
    return { ...after, subsetOf: before.subsetOf === after.subsetOf ? after.subsetOf : null };
  }
  if (before.type === 'set' || after.type === 'set' || before.type !== after.type) {
    throw new IncomparablePoliciesError(
      `The attribute ${name} is a ${before.type} in one revision and a ${after.type} in the other, so that their rules cannot be ` +
        'compared. Give the new one another name.',
    );
  }
  return {
    ...after,
    nullable: before.nullable || after.nullable,
    values: before.values && after.values && union(after.values, before.values),
  };
}

/** What either map has, those of the second first. */
function merged<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
  both: (before: Value, after: Value, name: string) => Value,
): ReadonlyMap<string, Value> {
  const all = new Map(after);
  for (const [name, value] of before) {
    const other = after.get(name);
    all.set(name, other === undefined ? value : both(value, other, name));
  }
  return all;
}

const union = (some: Iterable<string>, others: Iterable<string>): readonly string[] => [
  ...new Set([...some, ...others]),
];
