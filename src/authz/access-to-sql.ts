/** An access as a SQL condition that SQLite, MariaDB and MySQL decide as the evaluator does, null for null. */
import type { Access } from './authorizer.js';
import type { SubjectDeclaration } from './catalogue.js';
import type { Condition, Scalar } from './conditions.js';
import type { PolicySet } from './load-policies.js';

export interface SqlCondition {
  /** With positional placeholders `?`. For a NULL column it may be NULL, which is not true: negate it with `IS NOT TRUE`. */
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/**
 * The rows of the subject's table that the access reaches. It narrows a query that binds `organization_id` to the principal's
 * organization itself; it does not replace that. `alias` is the table's alias in the query.
 */
export function accessToSql(
  policies: Pick<PolicySet, 'catalogue'>,
  subjectType: string,
  access: Access,
  alias: string,
): SqlCondition {
  const declaration = policies.catalogue.subjects.get(subjectType);
  if (!declaration) throw new Error(`The policy catalogue has no subject ${JSON.stringify(subjectType)}.`);
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(alias)) throw new Error('A table alias must be a plain SQL name.');
  switch (access.kind) {
    case 'none':
      return nothing;
    case 'organization':
      return everything;
    case 'membership':
      return toSql({ op: 'intersects', attribute: access.attribute, values: access.values }, declaration, alias);
    case 'condition':
      return toSql(access.condition, declaration, alias);
  }
}

const everything: SqlCondition = { sql: 'TRUE', parameters: [] };
const nothing: SqlCondition = { sql: 'FALSE', parameters: [] };

function toSql(condition: Condition, declaration: SubjectDeclaration, alias: string): SqlCondition {
  switch (condition.op) {
    case 'and':
      return join(condition.conditions, 'AND', everything, declaration, alias);
    case 'or':
      return join(condition.conditions, 'OR', nothing, declaration, alias);
    case 'not': {
      const { sql, parameters } = toSql(condition.condition, declaration, alias);
      return { sql: `(${sql}) IS NOT TRUE`, parameters };
    }
    case 'intersects':
      return intersection(condition.attribute, condition.values, declaration, alias);
    default:
      return comparison(condition, columnOf(declaration, condition.attribute, alias));
  }
}

function join(
  conditions: readonly Condition[],
  operator: 'AND' | 'OR',
  whenEmpty: SqlCondition,
  declaration: SubjectDeclaration,
  alias: string,
): SqlCondition {
  if (conditions.length === 0) return whenEmpty;
  const parts = conditions.map((condition) => toSql(condition, declaration, alias));
  return {
    sql: `(${parts.map(({ sql }) => sql).join(` ${operator} `)})`,
    parameters: parts.flatMap(({ parameters }) => parameters),
  };
}

type ScalarComparison = Extract<Condition, { op: 'eq' | 'ne' | 'in' | 'nin' }>;

function comparison(condition: ScalarComparison, column: string): SqlCondition {
  switch (condition.op) {
    case 'eq':
      if (condition.value === null) return { sql: `${column} IS NULL`, parameters: [] };
      return { sql: `${column} = ?`, parameters: [parameter(condition.value)] };
    case 'ne':
      if (condition.value === null) return { sql: `${column} IS NOT NULL`, parameters: [] };
      return { sql: `(${column} IS NULL OR ${column} <> ?)`, parameters: [parameter(condition.value)] };
    case 'in':
      if (condition.values.length === 0) return nothing;
      return {
        sql: `${column} IN (${placeholders(condition.values)})`,
        parameters: condition.values.map(parameter),
      };
    case 'nin':
      if (condition.values.length === 0) return everything;
      return {
        sql: `(${column} IS NULL OR ${column} NOT IN (${placeholders(condition.values)}))`,
        parameters: condition.values.map(parameter),
      };
  }
}

function intersection(
  attribute: string,
  values: readonly Scalar[],
  declaration: SubjectDeclaration,
  alias: string,
): SqlCondition {
  const declared = declaration.attributes.get(attribute);
  if (declared?.type !== 'set' || !declared.anyOf) throw withoutSql(declaration, attribute);
  if (values.length === 0) return nothing;
  const branches = declared.anyOf.map((template) =>
    template.replaceAll('{row}', alias).replace('{values}', placeholders(values)),
  );
  return { sql: `(${branches.join(' OR ')})`, parameters: declared.anyOf.flatMap(() => values.map(parameter)) };
}

function columnOf(declaration: SubjectDeclaration, attribute: string, alias: string): string {
  const declared = declaration.attributes.get(attribute);
  if (!declared || declared.type === 'set' || !declared.column) throw withoutSql(declaration, attribute);
  return `${alias}.${declared.column}`;
}

const withoutSql = (declaration: SubjectDeclaration, attribute: string): Error =>
  new Error(`The attribute ${declaration.name}.${attribute} has no SQL.`);

const placeholders = (values: readonly unknown[]): string => values.map(() => '?').join(', ');

/** SQLite has no booleans; all three databases keep them as 0 and 1. */
const parameter = (value: Scalar): unknown => (typeof value === 'boolean' ? Number(value) : value);
