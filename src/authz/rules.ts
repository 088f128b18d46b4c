/** Rules, read against the catalogue and the roles: a name that these do not know becomes a finding. */
import { type AttributeDeclaration, type Catalogue, isWildcard, type SubjectDeclaration } from './catalogue.js';
import { type ManyOperand, type OneOperand, principalAttributes, type Scalar, type Term } from './conditions.js';
import type { Location, YamlNode, YamlReader } from './policy-files.js';
import { namesOf, type Roles } from './roles.js';

export interface Rule {
  readonly id: string;
  readonly effect: 'allow' | 'deny';
  /** The roles and permission sets it speaks to. */
  readonly to: readonly string[];
  readonly actions: readonly string[];
  readonly subject: string;
  /** The fields it speaks of; null for the object as a whole. */
  readonly fields: readonly string[] | null;
  /** All of them must hold. */
  readonly when: readonly Term[];
  /** The line of each term. */
  readonly termLines: readonly number[];
  readonly why: string;
  readonly at: Location;
}

const ruleKeys = ['id', 'effect', 'to', 'actions', 'subject', 'fields', 'when', 'why'];

/** The rules of one file; those that name an unknown subject are left out, with a finding. */
export function readRules(node: YamlNode, catalogue: Catalogue, roles: Roles, reader: YamlReader): readonly Rule[] {
  return reader.items(node, 'a rules file').flatMap((item) => readRule(item, catalogue, roles, reader) ?? []);
}

function readRule(node: YamlNode, catalogue: Catalogue, roles: Roles, reader: YamlReader): Rule | null {
  const { findings } = reader;
  const entries = reader.record(node, 'a rule', ruleKeys);
  const required = (key: string): YamlNode | null => {
    const value = entries.get(key);
    if (!value) findings.add(node.at, 'missing-key', `the rule has no "${key}"`);
    return value ?? null;
  };
  const text = (key: string): string | null => {
    const value = required(key);
    return value && reader.text(value, `the rule's ${key}`);
  };
  const names = (key: string, kind: NameKind, of: SubjectDeclaration | null, known: Iterable<string>) => {
    const value = required(key);
    if (!value) return [];
    const listed = reader.texts(value, `the rule's ${key}`);
    if (value.kind === 'list' && value.items.length === 0)
      findings.add(value.at, 'empty-list', `the rule's ${key} must not be empty`);
    for (const name of listed) requireKnown(name, kind, of, known, value.at, reader);
    return listed;
  };

  const idNode = required('id');
  const id = idNode && reader.id(idNode, `the rule's id`);
  const effect = text('effect');
  const why = text('why');
  const subjectName = text('subject');
  const to = names('to', 'role', null, namesOf(roles));
  if (effect !== null && effect !== 'allow' && effect !== 'deny') {
    findings.add(node.at, 'unknown-effect', `the rule's effect must be allow or deny`);
  }
  if (subjectName === null) return null;
  requireKnown(subjectName, 'subject', null, catalogue.subjects.keys(), node.at, reader);
  const subject = catalogue.subjects.get(subjectName);
  if (!subject) return null;

  const actions = names('actions', 'action', subject, subject.actions);
  const fields = entries.has('fields') ? names('fields', 'field', subject, allFields(subject)) : null;
  const whenNode = entries.get('when');
  const when = whenNode ? readWhen(whenNode, `the rule's when`, subject, reader) : [];
  if (id === null || why === null || (effect !== 'allow' && effect !== 'deny')) return null;
  return {
    id,
    effect,
    to,
    actions,
    subject: subject.name,
    fields,
    when: when.map(({ term }) => term),
    termLines: when.map(({ line }) => line),
    why,
    at: node.at,
  };
}

/** The terms of a `when`, each with its line; those that do not fit are left out, with a finding. */
export function readWhen(
  node: YamlNode,
  what: string,
  subject: SubjectDeclaration,
  reader: YamlReader,
): readonly { readonly term: Term; readonly line: number }[] {
  return [...reader.entries(node, what)].flatMap(([attribute, value]) => {
    requireKnown(attribute, 'attribute', subject, subject.attributes.keys(), value.at, reader);
    const declared = subject.attributes.get(attribute);
    const term = declared && readTerm(attribute, declared, value, reader);
    return term ? [{ term, line: value.at.line }] : [];
  });
}

/**
 * Whether the rule says something about the action, or about the field of it. Without a field, an allow rule over fields speaks of
 * the object, since whoever sees a field sees the object; a deny rule over fields does not.
 */
export const speaksOf = (rule: Rule, action: string, field?: string): boolean =>
  rule.actions.includes(action) &&
  (rule.fields === null || (field === undefined ? rule.effect === 'allow' : rule.fields.includes(field)));

const allFields = (subject: SubjectDeclaration): readonly string[] => [
  ...[...subject.fields.values()].flatMap((names) => [...names]),
  ...subject.writeOnly,
];

type NameKind = 'role' | 'subject' | 'action' | 'field' | 'attribute';

export function requireKnown(
  name: string,
  kind: NameKind,
  of: SubjectDeclaration | null,
  known: Iterable<string>,
  at: Location,
  reader: YamlReader,
): void {
  const what = of ? `${kind} of ${of.name}` : kind;
  if (isWildcard(name)) {
    reader.findings.add(
      at,
      'wildcard',
      `"${name}" is a wildcard and no ${what}; name each one, so that a new one is denied first`,
    );
    return;
  }
  const names = [...known];
  if (!names.includes(name))
    reader.findings.add(at, `unknown-${kind}`, `unknown ${what} "${name}"; known: ${names.join(', ')}`);
}

function readTerm(attribute: string, declared: AttributeDeclaration, node: YamlNode, reader: YamlReader): Term | null {
  const { findings } = reader;
  if (node.kind === 'list') {
    findings.add(node.at, 'wrong-operand', `"${attribute}" is compared with a list: write { in: […] }`);
    return null;
  }
  if (node.kind === 'scalar') {
    if (declared.type === 'set') {
      findings.add(node.at, 'wrong-operand', `"${attribute}" is a set: write { in: … }`);
      return null;
    }
    const value = readOne(attribute, declared, node, reader);
    return value === undefined ? null : { op: 'eq', attribute, value };
  }
  const [entry, ...others] = node.entries;
  const operators = declared.type === 'set' ? ['in'] : ['ne', 'in', 'nin'];
  if (!entry || others.length > 0) {
    findings.add(node.at, 'wrong-operand', `"${attribute}" must have exactly one operator: ${operators.join(', ')}`);
    return null;
  }
  const [op, operand] = entry;
  if (!operators.includes(op)) {
    findings.add(
      operand.at,
      'unknown-operator',
      `unknown operator "${op}" for "${attribute}"; known: ${operators.join(', ')}`,
    );
    return null;
  }
  if (op === 'ne') {
    const value = declared.type === 'set' ? undefined : readOne(attribute, declared, operand, reader);
    return value === undefined ? null : { op, attribute, value };
  }
  const values = readMany(attribute, declared, operand, reader);
  if (values === undefined) return null;
  return { op: declared.type === 'set' ? 'intersects' : op === 'in' ? 'in' : 'nin', attribute, values };
}

type ScalarDeclaration = Exclude<AttributeDeclaration, { type: 'set' }>;

/** A constant or `principal.x` that may be compared with the attribute; undefined, with a finding, when it may not. */
function readOne(
  attribute: string,
  declared: ScalarDeclaration,
  node: YamlNode,
  reader: YamlReader,
): OneOperand | undefined {
  if (node.kind !== 'scalar') {
    reader.findings.add(node.at, 'wrong-operand', `"${attribute}" must be compared with one value`);
    return undefined;
  }
  if (node.value === null) {
    if (declared.nullable) return null;
    reader.findings.add(node.at, 'impossible-constant', `"${attribute}" is never null in the catalogue`);
    return undefined;
  }
  const reference = readReference(node, declared, reader);
  if (reference === null) return isConstantOf(attribute, declared, node, reader) ? node.value : undefined;
  if (reference === undefined) return undefined;
  if (isOne(reference)) return { principal: reference };
  reader.findings.add(
    node.at,
    'wrong-operand',
    `principal.${reference} is a list: write { in: principal.${reference} }`,
  );
  return undefined;
}

/** A list of constants or a list `principal.x`; undefined, with a finding, when it may not be compared. */
function readMany(
  attribute: string,
  declared: AttributeDeclaration,
  node: YamlNode,
  reader: YamlReader,
): ManyOperand | undefined {
  if (node.kind === 'list') {
    const constants: Scalar[] = [];
    for (const item of node.items) {
      if (item.kind === 'scalar' && isReference(item.value)) {
        reader.findings.add(
          item.at,
          'wrong-operand',
          `a list holds constants only; "${attribute}" can be in one principal list instead`,
        );
      } else if (isConstantOf(attribute, declared, item, reader)) constants.push(item.value);
    }
    return constants.length === node.items.length ? constants : undefined;
  }
  const reference = readReference(node, declared, reader);
  if (reference === undefined) return undefined;
  if (reference !== null && !isOne(reference)) return { principal: reference };
  reader.findings.add(
    node.at,
    'wrong-operand',
    `"${attribute}" must be in a list of constants or in a list of the principal`,
  );
  return undefined;
}

type PrincipalAttribute = keyof typeof principalAttributes;
type OneAttribute = Extract<OneOperand, { principal: unknown }>['principal'];

const isOne = (name: PrincipalAttribute): name is OneAttribute => principalAttributes[name] === 'one';
const isReference = (value: Scalar): value is string => typeof value === 'string' && value.startsWith('principal.');
const isPrincipalAttribute = (name: string): name is PrincipalAttribute => Object.hasOwn(principalAttributes, name);

/** The principal's attribute that the node names; null when it names none, undefined (with a finding) when it may not. */
function readReference(
  node: YamlNode,
  declared: AttributeDeclaration,
  reader: YamlReader,
): PrincipalAttribute | null | undefined {
  if (node.kind !== 'scalar' || !isReference(node.value)) return null;
  const name = node.value.slice('principal.'.length);
  if (!isPrincipalAttribute(name)) {
    const known = Object.keys(principalAttributes).join(', ');
    reader.findings.add(
      node.at,
      'unknown-principal-attribute',
      `unknown principal attribute "${name}"; known: ${known}`,
    );
    return undefined;
  }
  if (declared.type !== 'set' && declared.type !== 'string') {
    reader.findings.add(node.at, 'wrong-type', `principal.${name} holds text and is compared with a ${declared.type}`);
    return undefined;
  }
  return name;
}

function isConstantOf(
  attribute: string,
  declared: AttributeDeclaration,
  node: YamlNode,
  reader: YamlReader,
): node is YamlNode & { readonly kind: 'scalar'; readonly value: string | number | boolean } {
  const type = declared.type === 'set' ? 'string' : declared.type;
  if (node.kind !== 'scalar' || typeof node.value !== type) {
    reader.findings.add(node.at, 'wrong-type', `"${attribute}" must be compared with a ${type}`);
    return false;
  }
  if (declared.type !== 'set' && declared.values && !declared.values.some((value) => value === node.value)) {
    reader.findings.add(
      node.at,
      'impossible-constant',
      `"${attribute}" is one of ${declared.values.join(', ')} and never "${node.value}"`,
    );
    return false;
  }
  if (typeof node.value === 'string' && node.value.endsWith(' ')) {
    reader.findings.add(
      node.at,
      'trailing-space',
      'a text that ends in a space is another one in JavaScript than in SQL; take the space away',
    );
    return false;
  }
  return true;
}
