/** Variables checked before execution, so that what is wrong with them is told without a word of the caller's. */
import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import {
  type ArgumentNode,
  coerceInputValue,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLNamedInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInputType,
  isListType,
  isRequiredInputField,
  isSpecifiedScalarType,
  Kind,
  type ObjectFieldNode,
  type OperationDefinitionNode,
  typeFromAST,
  visit,
} from 'graphql';
import { badInput, type FieldProblem } from '../errors.js';

/** The check stops here: enough to correct a form by, and a bound for its work and for the response. */
const mostProblems = 20;

/**
 * Refuses variables that do not fit their types with one `BAD_USER_INPUT` that names every offending field.
 *
 * A field is named by its path from the argument it is given to, such as `input.allowedHosts[0]`: names of arguments and
 * input fields, which the schema knows, and list positions. Neither a variable's own name nor the name of a field that is not
 * in the schema is repeated, since either may be a secret that was pasted into the wrong place.
 */
export function createInputCoercionPlugin(): ApolloServerPlugin<BaseContext> {
  const argumentPaths = new WeakMap<OperationDefinitionNode, ReadonlyMap<string, string>>();
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (!operation?.variableDefinitions?.length) return;
          let argumentOf = argumentPaths.get(operation);
          if (argumentOf === undefined) {
            argumentOf = argumentsOfVariables(document, operation);
            argumentPaths.set(operation, argumentOf);
          }
          refuseMisfits(schema, operation, request.variables ?? {}, argumentOf);
        },
      };
    },
  };
}

/** For each variable the path of an argument, or of a field within one, that it is used for. */
function argumentsOfVariables(document: DocumentNode, operation: OperationDefinitionNode): Map<string, string> {
  const paths = new Map<string, string>();
  const path: string[] = [];
  const named = (prefix: string) => ({
    enter({ name }: ArgumentNode | ObjectFieldNode) {
      path.push(`${prefix}${name.value}`);
    },
    leave() {
      path.pop();
    },
  });
  visit(document, {
    [Kind.VARIABLE_DEFINITION]: () => false,
    [Kind.OPERATION_DEFINITION]: (node) => (node === operation ? undefined : false),
    [Kind.ARGUMENT]: named(''),
    [Kind.OBJECT_FIELD]: named('.'),
    [Kind.VARIABLE]: ({ name }) => {
      if (!paths.has(name.value)) paths.set(name.value, path.join(''));
    },
  });
  return paths;
}

function refuseMisfits(
  schema: GraphQLSchema,
  { variableDefinitions = [] }: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
  argumentOf: ReadonlyMap<string, string>,
): void {
  const problems = new Map<string, FieldProblem>();
  const refuse = (): never => {
    throw badInput(...[...problems.values()].slice(0, mostProblems));
  };
  let found = 0;
  for (const { variable, type: typeNode, defaultValue } of variableDefinitions) {
    const type = typeFromAST(schema, typeNode);
    const name = variable.name.value;
    const isGiven = Object.hasOwn(variables, name);
    if (!isInputType(type) || (!isGiven && defaultValue !== undefined)) continue;
    const argument = argumentOf.get(name) ?? 'variables';
    const onError = (path: readonly (string | number)[], value: unknown): void => {
      for (const problem of problemsAt(typeAt(type, path), value)) {
        const field = `${argument}${printPath(path)}${problem.field}`;
        problems.set(`${field} ${problem.message}`, { field, message: problem.message });
      }
      found += 1;
      if (found === mostProblems) refuse();
    };
    coerceInputValue(isGiven ? variables[name] : undefined, type, onError, true);
  }
  if (found > 0) refuse();
}

/** What graphql-js found wrong with a value of the type, found again without reading its message. Fields are relative. */
function problemsAt(type: GraphQLInputType, value: unknown): FieldProblem[] {
  if (value === null || value === undefined) return [{ field: '', message: 'is required' }];
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return [{ field: '', message: mismatch(named, value) }];
  if (typeof value !== 'object' || Array.isArray(value)) return [{ field: '', message: 'has the wrong type' }];

  const fields = named.getFields();
  const given = value as Readonly<Record<string, unknown>>;
  const missing = Object.values(fields).filter(
    (field) => isRequiredInputField(field) && given[field.name] === undefined,
  );
  const problems = missing.map(({ name }): FieldProblem => ({ field: `.${name}`, message: 'is required' }));
  if (Object.keys(given).some((name) => !Object.hasOwn(fields, name))) {
    problems.push({ field: '', message: 'has a field that is not known' });
  }
  if (named.isOneOf && Object.keys(given).length !== 1) {
    problems.push({ field: '', message: 'must have exactly one field' });
  }
  return problems;
}

function mismatch(type: GraphQLNamedInputType, value: unknown): string {
  if (isEnumType(type) && typeof value === 'string') return 'is not one of the allowed values';
  return isEnumType(type) || isSpecifiedScalarType(type) ? 'has the wrong type' : `is not a valid ${type.name}`;
}

/** The type that the schema has for the path. A single value in place of a list has the path of the list. */
function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  let at = type;
  for (const key of path) {
    const nullable = getNullableType(at);
    if (typeof key === 'number') {
      if (isListType(nullable)) at = nullable.ofType;
      continue;
    }
    const named = getNamedType(nullable);
    const field = isInputObjectType(named) ? named.getFields()[key] : undefined;
    if (field !== undefined) at = field.type;
  }
  return at;
}

const printPath = (path: readonly (string | number)[]): string =>
  path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`)).join('');
