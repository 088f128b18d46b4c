/** The closed catalogue: every subject, action, field and attribute that a rule can name. There is nothing else. */
import type { Location, YamlNode, YamlReader } from './policy-files.js';

export type ScalarType = 'string' | 'number' | 'boolean';

export type AttributeDeclaration =
  | {
      readonly type: ScalarType;
      readonly nullable: boolean;
      /** The only values of the attribute; null when any value of its type may occur. */
      readonly values: readonly string[] | null;
      /** The column that holds it; null when it is only decided in memory. */
      readonly column: string | null;
    }
  | {
      readonly type: 'set';
      /** A set attribute of the same subject that holds at least every element of this one. */
      readonly subsetOf: string | null;
      /**
       * SQL conditions over `{row}` (the row's alias) and `{values}` (a list of placeholders): the set contains one of the
       * values when any of them is true. Null when the set is only decided in memory.
       */
      readonly anyOf: readonly string[] | null;
    };

export interface SubjectDeclaration {
  readonly name: string;
  /** `request`: its attributes are those of the request itself, so that one verdict holds for the whole request. */
  readonly scope: 'request' | 'object';
  readonly table: string | null;
  readonly actions: readonly string[];
  /** The action that is decided field by field, such as `read`, and its fields. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  /** Fields that go in and never come out: no rule and no question may name them. */
  readonly writeOnly: ReadonlySet<string>;
  readonly attributes: ReadonlyMap<string, AttributeDeclaration>;
  readonly at: Location;
}

export interface Catalogue {
  readonly subjects: ReadonlyMap<string, SubjectDeclaration>;
}

const noNames: readonly string[] = [];
const noEntries: ReadonlyMap<string, YamlNode> = new Map();

const wildcard = /[*?]|^(manage|all|any)$/;

/** Names that some policy languages read as "everything"; here every name is written out. */
export const isWildcard = (name: string): boolean => wildcard.test(name);

/** The declaration of a subject; throws unless the catalogue has the subject, the action and the field. */
export function declarationOf(
  catalogue: Catalogue,
  subjectType: string,
  action: string,
  field?: string,
): SubjectDeclaration {
  const subject = catalogue.subjects.get(subjectType);
  if (!subject) throw new Error(`The policy catalogue has no subject ${JSON.stringify(subjectType)}.`);
  if (!subject.actions.includes(action)) {
    throw new Error(`The policy catalogue has no action ${JSON.stringify(action)} on ${subjectType}.`);
  }
  if (field !== undefined && !subject.fields.get(action)?.has(field)) {
    throw new Error(`The policy catalogue has no field ${JSON.stringify(field)} to ${action} on ${subjectType}.`);
  }
  return subject;
}

export function readCatalogue(node: YamlNode, reader: YamlReader): Catalogue {
  const root = reader.record(node, 'the catalogue', ['subjects']);
  const subjects = new Map<string, SubjectDeclaration>();
  const declared = root.get('subjects');
  if (!declared) {
    reader.findings.add(node.at, 'missing-key', 'the catalogue must have subjects');
    return { subjects };
  }
  for (const [name, subject] of reader.entries(declared, 'subjects')) {
    refuseWildcards([name], subject.at, reader);
    subjects.set(name, readSubject(name, subject, reader));
  }
  return { subjects };
}

function readSubject(name: string, node: YamlNode, reader: YamlReader): SubjectDeclaration {
  const entries = reader.record(node, name, ['scope', 'table', 'actions', 'fields', 'attributes']);
  const optional = <T, Otherwise>(key: string, read: (value: YamlNode) => T, otherwise: Otherwise): T | Otherwise => {
    const value = entries.get(key);
    return value ? read(value) : otherwise;
  };
  const scope = optional('scope', (value) => reader.text(value, `the scope of ${name}`), 'object');
  if (scope !== 'request' && scope !== 'object')
    reader.findings.add(node.at, 'invalid-catalogue', `the scope of ${name} must be request`);
  const table = optional('table', (value) => sqlName(value, `the table of ${name}`, reader), null);
  const actions = optional('actions', (value) => reader.texts(value, `the actions of ${name}`), noNames);
  if (actions.length === 0) reader.findings.add(node.at, 'missing-key', `${name} must have actions`);
  refuseWildcards(actions, node.at, reader);

  const fields = new Map<string, ReadonlySet<string>>();
  let writeOnly: ReadonlySet<string> = new Set();
  for (const [key, value] of optional('fields', (it) => reader.entries(it, `the fields of ${name}`), noEntries)) {
    const names = new Set(reader.texts(value, `the ${key} fields of ${name}`));
    refuseWildcards(names, value.at, reader);
    if (key === 'writeOnly') writeOnly = names;
    else if (actions.includes(key)) fields.set(key, names);
    else
      reader.findings.add(
        value.at,
        'invalid-catalogue',
        `fields of ${name} belong to one of its actions or to writeOnly, not to "${key}"`,
      );
  }
  for (const [action, names] of fields) {
    const both = [...names].find((field) => writeOnly.has(field));
    if (both)
      reader.findings.add(node.at, 'invalid-catalogue', `${name}.${both} is writeOnly and cannot be a ${action} field`);
  }

  const attributes = new Map<string, AttributeDeclaration>();
  for (const [key, value] of optional(
    'attributes',
    (it) => reader.entries(it, `the attributes of ${name}`),
    new Map(),
  )) {
    const attribute = readAttribute(`${name}.${key}`, value, reader);
    if (attribute) attributes.set(key, attribute);
  }
  for (const [key, attribute] of attributes) {
    if (attribute.type !== 'set' || attribute.subsetOf === null) continue;
    if (attributes.get(attribute.subsetOf)?.type !== 'set') {
      reader.findings.add(
        node.at,
        'invalid-catalogue',
        `${name}.${key} is a subset of "${attribute.subsetOf}", which is not a declared set`,
      );
    }
  }
  if (attributes.get('organizationId')?.type !== 'string') {
    reader.findings.add(node.at, 'invalid-catalogue', `${name} must have the attribute organizationId of type string`);
  }
  return {
    name,
    scope: scope === 'request' ? 'request' : 'object',
    table,
    actions,
    fields,
    writeOnly,
    attributes,
    at: node.at,
  };
}

function readAttribute(name: string, node: YamlNode, reader: YamlReader): AttributeDeclaration | null {
  const type = reader.entries(node, name).get('type');
  const typeName = type ? reader.text(type, `the type of ${name}`) : null;
  switch (typeName) {
    case 'set': {
      const entries = reader.record(node, name, ['type', 'subsetOf', 'anyOf']);
      const subsetOf = entries.get('subsetOf');
      const anyOf = entries.get('anyOf');
      const templates = anyOf ? reader.texts(anyOf, `the SQL of ${name}`) : null;
      for (const template of templates ?? []) {
        if (template.split('{values}').length !== 2 || !template.includes('{row}') || template.includes('?')) {
          reader.findings.add(
            node.at,
            'invalid-sql',
            `SQL of ${name} must use {row}, have {values} once and no placeholder of its own`,
          );
        }
      }
      return {
        type: 'set',
        subsetOf: subsetOf ? reader.text(subsetOf, `subsetOf of ${name}`) : null,
        anyOf: templates,
      };
    }
    case 'string':
    case 'number':
    case 'boolean': {
      const entries = reader.record(node, name, ['type', 'nullable', 'values', 'column']);
      const nullable = entries.get('nullable');
      const values = entries.get('values');
      const column = entries.get('column');
      return {
        type: typeName,
        nullable: nullable ? reader.boolean(nullable, `nullable of ${name}`) : false,
        values: values ? reader.texts(values, `the values of ${name}`) : null,
        column: column ? sqlName(column, `the column of ${name}`, reader) : null,
      };
    }
    default:
      reader.findings.add(node.at, 'invalid-catalogue', `${name} must have a type: string, number, boolean or set`);
      return null;
  }
}

function sqlName(node: YamlNode, what: string, reader: YamlReader): string | null {
  const name = reader.text(node, what);
  if (name !== null && !/^[a-z][a-z0-9_]*$/.test(name)) {
    reader.findings.add(node.at, 'invalid-sql', `${what} must be a plain lower-case SQL name`);
  }
  return name;
}

function refuseWildcards(names: Iterable<string>, at: Location, reader: YamlReader): void {
  for (const name of names) {
    if (isWildcard(name))
      reader.findings.add(at, 'wildcard', `"${name}" is a wildcard; the catalogue names everything one by one`);
  }
}
