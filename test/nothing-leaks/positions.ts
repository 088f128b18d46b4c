/** Every place of every operation where a caller can put something, found by walking the schema, and requests that put it there. */
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';

/** Written as a name in a document, and as a string in JSON. */
export class EnumName {
  constructor(readonly name: string) {}
  toJSON(): string {
    return this.name;
  }
}

export type Input = null | string | number | boolean | EnumName | readonly Input[] | { readonly [name: string]: Input };
type InputObject = { readonly [name: string]: Input };

export interface Operation {
  readonly kind: 'query' | 'mutation';
  readonly name: string;
  readonly field: GraphQLField<unknown, unknown>;
}

export function operationsOf(schema: GraphQLSchema): Operation[] {
  const of = (kind: Operation['kind']) =>
    Object.values((kind === 'query' ? schema.getQueryType() : schema.getMutationType())?.getFields() ?? {}).map(
      (field) => ({ kind, name: field.name, field }),
    );
  return [...of('query'), ...of('mutation')];
}

export interface Position {
  /** From the argument on; `0` is the first element of a list. */
  readonly path: readonly (string | 0)[];
  readonly type: GraphQLInputType;
}

/** Every argument, every input field at any depth, every list, and the first element of each. */
export function positionsOf({ field }: Operation): Position[] {
  const within = (path: Position['path'], type: GraphQLInputType): Position[] => {
    const nullable = getNullableType(type);
    const here = { path, type };
    if (isListType(nullable)) return [here, ...within([...path, 0], nullable.ofType)];
    if (!isInputObjectType(nullable)) return [here];
    return [here, ...Object.values(nullable.getFields()).flatMap((inner) => within([...path, inner.name], inner.type))];
  };
  return field.args.flatMap((arg) => within([arg.name], arg.type));
}

/** A well-formed text, number or id for a place, by its path and type. */
export type Sample = (operation: Operation, path: Position['path'], type: GraphQLInputType) => Input;

/** Arguments that hold what is required and nothing else. */
export function requiredArguments(operation: Operation, sample: Sample): InputObject {
  return requiredMembers(operation, [], operation.field.args.filter(isRequiredArgument), sample);
}

function requiredMembers(
  operation: Operation,
  path: Position['path'],
  members: readonly (GraphQLArgument | GraphQLInputField)[],
  sample: Sample,
): InputObject {
  return Object.fromEntries(
    members.map(({ name, type }) => [name, requiredContent(operation, [...path, name], type, sample)]),
  );
}

export function requiredContent(
  operation: Operation,
  path: Position['path'],
  type: GraphQLInputType,
  sample: Sample,
): Input {
  const nullable = getNullableType(type);
  if (isListType(nullable)) return [requiredContent(operation, [...path, 0], nullable.ofType, sample)];
  if (isInputObjectType(nullable)) {
    return requiredMembers(operation, path, Object.values(nullable.getFields()).filter(isRequiredInputField), sample);
  }
  if (isEnumType(nullable)) return new EnumName(nullable.getValues()[0]?.name ?? '');
  return sample(operation, path, nullable);
}

/** The arguments with a content put at the path; what is missing on the way there is made as required. */
export function putAt(
  operation: Operation,
  args: InputObject,
  path: Position['path'],
  content: Input | undefined,
  sample: Sample,
): InputObject {
  const put = (holder: Input | undefined, depth: number): Input => {
    const type = positionsOf(operation).find(({ path: other }) => String(other) === String(path.slice(0, depth)))?.type;
    const whole = holder ?? (type === undefined ? {} : requiredContent(operation, path.slice(0, depth), type, sample));
    const key = path[depth];
    const isLast = depth === path.length - 1;
    const inner = (old: Input | undefined) => (isLast ? content : put(old, depth + 1));
    if (key === 0) return [inner((whole as readonly Input[])[0]) ?? null];
    const { [String(key)]: old, ...rest } = whole as InputObject;
    const value = inner(old);
    return value === undefined ? rest : { ...rest, [String(key)]: value };
  };
  return put(args, 0) as InputObject;
}

export const literal = (input: Input): string => {
  if (input instanceof EnumName) return input.name;
  if (Array.isArray(input)) return `[${input.map(literal).join(', ')}]`;
  if (typeof input === 'object' && input !== null) return `{ ${literalMembers(input as InputObject)} }`;
  return JSON.stringify(input);
};

const literalMembers = (members: InputObject): string =>
  Object.entries(members)
    .map(([name, member]) => `${name}: ${literal(member)}`)
    .join(', ');

const parenthesized = (text: string): string => (text === '' ? '' : `(${text})`);

const hasFields = (type: GraphQLOutputType): boolean => {
  const named = getNamedType(type);
  return isObjectType(named) || isInterfaceType(named);
};

/** Everything that an operation answers, four levels deep; of an interface what all its types have. */
export function selectionOf(type: GraphQLOutputType, depth = 4): string {
  const named = getNamedType(type);
  if (!isObjectType(named) && !isInterfaceType(named)) return '';
  const fields = Object.values(named.getFields())
    .filter(({ name, type: inner }) => name !== 'edges' && (depth > 0 || !hasFields(inner)))
    .map((field) => {
      const pageSize = field.args.some(({ name }) => name === 'first') ? '(first: 3)' : '';
      return `${field.name}${pageSize}${selectionOf(field.type, depth - 1)}`;
    });
  return ` { ${fields.join(' ')} }`;
}

export interface Request {
  readonly query: string;
  readonly variables?: InputObject;
}

/** The arguments as literals in the document. */
export const withLiterals = ({ kind, name, field }: Operation, args: InputObject): Request => ({
  query: `${kind} { ${name}${parenthesized(literalMembers(args))}${selectionOf(field.type)} }`,
});

/** Each argument as a variable. */
export function withVariables({ kind, name, field }: Operation, args: InputObject): Request {
  const types = new Map(field.args.map((arg) => [arg.name, String(arg.type)]));
  const names = Object.keys(args).filter((arg) => types.has(arg));
  const definitions = names.map((arg) => `$${arg}: ${types.get(arg)}`).join(', ');
  const given = names.map((arg) => `${arg}: $${arg}`).join(', ');
  return {
    query: `${kind} ${parenthesized(definitions)} { ${name}${parenthesized(given)}${selectionOf(field.type)} }`,
    variables: args,
  };
}

/** One place as a variable of the given name, within literals; `byDefault` in place of a value makes it the variable's default. */
export function withOneVariable(
  operation: Operation,
  args: InputObject,
  { path, type }: Position,
  variable: string,
  content: Input,
  sample: Sample,
): Request[] {
  const { kind, name, field } = operation;
  const used = putAt(operation, args, path, new EnumName(`$${variable}`), sample);
  const body = `{ ${name}(${literalMembers(used)})${selectionOf(field.type)} }`;
  return [
    { query: `${kind} ($${variable}: ${type}) ${body}`, variables: { [variable]: content } },
    { query: `${kind} ($${variable}: ${getNullableType(type)} = ${literal(content)}) ${body}` },
  ];
}
