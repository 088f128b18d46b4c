/**
 * The fragment: the conditions that JavaScript and SQL decide alike, and nothing more. A rule's `when` is a conjunction of
 * terms; a term compares one attribute with constants or with an attribute of the principal.
 */
import type { Principal } from '../principal.js';
import type { SubjectDeclaration } from './catalogue.js';

export type Scalar = string | number | boolean | null;

/** What a decision is about: a type of the catalogue and the attributes that rules may read. */
export interface PolicySubject {
  readonly type: string;
  /** Keyed by the catalogue's names; a set attribute, such as `grantees(use)`, holds the list of its elements. */
  readonly attributes: Readonly<Record<string, Scalar | readonly string[]>>;
}

/** The principal's attributes that a rule may name as `principal.<attribute>`, and whether each is one text or a list. */
export const principalAttributes = {
  id: 'one',
  organizationId: 'one',
  kind: 'one',
  role: 'one',
  groupIds: 'many',
  granteeIds: 'many',
} as const satisfies Partial<Record<keyof Principal, 'one' | 'many'>>;

type PrincipalAttribute = keyof typeof principalAttributes;
type PrincipalAttributeOf<Arity extends 'one' | 'many'> = {
  [Name in PrincipalAttribute]: (typeof principalAttributes)[Name] extends Arity ? Name : never;
}[PrincipalAttribute];

export type OneOperand = Scalar | { readonly principal: PrincipalAttributeOf<'one'> };
export type ManyOperand = readonly Scalar[] | { readonly principal: PrincipalAttributeOf<'many'> };

type Comparison<One, Many> =
  | { readonly op: 'eq' | 'ne'; readonly attribute: string; readonly value: One }
  | { readonly op: 'in' | 'nin'; readonly attribute: string; readonly values: Many }
  /** A set attribute has at least one of the values. */
  | { readonly op: 'intersects'; readonly attribute: string; readonly values: Many };

/** One line of a rule's `when`, before a principal is known. */
export type Term = Comparison<OneOperand, ManyOperand>;

/** A term as it is written in a rule, such as `grantees(use): { in: principal.granteeIds }`. */
export function termText({ op, attribute, ...operand }: Term): string {
  const written = 'values' in operand ? manyText(operand.values) : oneText(operand.value);
  const operator = op === 'intersects' ? 'in' : op;
  return `${attribute}: ${op === 'eq' ? written : `{ ${operator}: ${written} }`}`;
}

const oneText = (value: OneOperand): string =>
  value !== null && typeof value === 'object' ? `principal.${value.principal}` : String(value);

const manyText = (values: ManyOperand): string =>
  'principal' in values ? `principal.${values.principal}` : `[${values.map(String).join(', ')}]`;

/** A condition over the attributes of one subject, with the principal's attributes put in. */
export type Condition =
  | Comparison<Scalar, readonly Scalar[]>
  | { readonly op: 'and' | 'or'; readonly conditions: readonly Condition[] }
  | { readonly op: 'not'; readonly condition: Condition };

export const always: Condition = { op: 'and', conditions: [] };
export const never: Condition = { op: 'or', conditions: [] };

export const isAlways = (condition: Condition): boolean => condition.op === 'and' && condition.conditions.length === 0;
export const isNever = (condition: Condition): boolean => condition.op === 'or' && condition.conditions.length === 0;

export const and = (conditions: readonly Condition[]): Condition => joined('and', conditions, isAlways, isNever);
export const or = (conditions: readonly Condition[]): Condition => joined('or', conditions, isNever, isAlways);

function joined(
  op: 'and' | 'or',
  conditions: readonly Condition[],
  isNeutral: (condition: Condition) => boolean,
  isDecisive: (condition: Condition) => boolean,
): Condition {
  const decisive = conditions.find(isDecisive);
  if (decisive) return decisive;
  const rest = conditions.filter((condition) => !isNeutral(condition));
  const [only] = rest;
  return rest.length === 1 && only ? only : { op, conditions: rest };
}

export const not = (condition: Condition): Condition => {
  if (isAlways(condition)) return never;
  if (isNever(condition)) return always;
  return { op: 'not', condition };
};

/** A rule's terms for one principal. The principal's attributes go into the tree as values, never through text. */
export const bind = (terms: readonly Term[], principal: Principal): Condition =>
  and(terms.map((term) => bindTerm(term, principal)));

function bindTerm(term: Term, principal: Principal): Condition {
  switch (term.op) {
    case 'eq':
    case 'ne': {
      const { value } = term;
      return { ...term, value: value !== null && typeof value === 'object' ? principal[value.principal] : value };
    }
    case 'in':
    case 'nin':
    case 'intersects': {
      const { values } = term;
      return { ...term, values: 'principal' in values ? principal[values.principal] : values };
    }
    default:
      throw unknownOperator(term);
  }
}

/** What is left of a condition for subjects of one organization, with everything decided that this alone decides. */
export function withinOrganization(condition: Condition, organizationId: string): Condition {
  switch (condition.op) {
    case 'and':
      return and(condition.conditions.map((part) => withinOrganization(part, organizationId)));
    case 'or':
      return or(condition.conditions.map((part) => withinOrganization(part, organizationId)));
    case 'not':
      return not(withinOrganization(condition.condition, organizationId));
    default:
      if (condition.attribute === 'organizationId') {
        return evaluator(condition)({ organizationId }) ? always : never;
      }
      if ('values' in condition && condition.values.length === 0) return condition.op === 'nin' ? always : never;
      return condition;
  }
}

/**
 * A condition as a predicate. It throws for a subject of another type, and for one that lacks an attribute the condition
 * reads or carries it in another type than the catalogue declares, whatever the other attributes say.
 */
export function predicateOf(
  condition: Condition,
  declaration: SubjectDeclaration,
): (subject: PolicySubject) => boolean {
  const evaluate = evaluator(condition);
  const needed = [...new Set(attributesOf(condition))];
  return (subject) => {
    if (subject.type !== declaration.name) {
      throw new Error(`A condition over ${declaration.name} was asked about ${subject.type}.`);
    }
    for (const name of needed) requireAttribute(subject, name, declaration);
    return evaluate(subject.attributes);
  };
}

/** Whether the attribute is there, and of the type that the catalogue declares. */
export function carries({ attributes }: PolicySubject, name: string, declaration: SubjectDeclaration): boolean {
  const declared = declaration.attributes.get(name);
  const value = attributes[name];
  if (declared?.type === 'set') return Array.isArray(value);
  return declared !== undefined && (value === null ? declared.nullable : typeof value === declared.type);
}

function requireAttribute(subject: PolicySubject, name: string, declaration: SubjectDeclaration): void {
  if (carries(subject, name, declaration)) return;
  throw new Error(`A policy rule needs the attribute ${subject.type}.${name}, which the subject does not carry.`);
}

function attributesOf(condition: Condition): readonly string[] {
  switch (condition.op) {
    case 'and':
    case 'or':
      return condition.conditions.flatMap(attributesOf);
    case 'not':
      return attributesOf(condition.condition);
    default:
      return [condition.attribute];
  }
}

function evaluator(condition: Condition): (attributes: PolicySubject['attributes']) => boolean {
  switch (condition.op) {
    case 'and': {
      const parts = condition.conditions.map(evaluator);
      return (attributes) => parts.every((part) => part(attributes));
    }
    case 'or': {
      const parts = condition.conditions.map(evaluator);
      return (attributes) => parts.some((part) => part(attributes));
    }
    case 'not': {
      const part = evaluator(condition.condition);
      return (attributes) => !part(attributes);
    }
    case 'eq':
      return (attributes) => attributes[condition.attribute] === condition.value;
    case 'ne':
      return (attributes) => attributes[condition.attribute] !== condition.value;
    case 'in': {
      const values = new Set<unknown>(condition.values);
      return (attributes) => values.has(attributes[condition.attribute]);
    }
    case 'nin': {
      const values = new Set<unknown>(condition.values);
      return (attributes) => !values.has(attributes[condition.attribute]);
    }
    case 'intersects': {
      const values = new Set<unknown>(condition.values);
      return (attributes) => {
        const elements = attributes[condition.attribute];
        return Array.isArray(elements) && elements.some((element) => values.has(element));
      };
    }
    default:
      throw unknownOperator(condition);
  }
}

const unknownOperator = (condition: never): Error =>
  new Error(`The fragment has no operator ${JSON.stringify((condition as { op?: unknown }).op)}.`);
