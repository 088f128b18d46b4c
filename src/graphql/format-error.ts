/**
 * What a caller learns of an error.
 *
 * graphql-js and Apollo Server quote the caller's input in their messages, a secret value included: one unknown field beside
 * `value` is enough. So nothing of a message passes that was not written here or in an `ApiError`. Of graphql-js's messages
 * only names that the schema knows are taken over; a caller's own names (variables, aliases, operations, fragments, unknown
 * fields) and literals are not. Everything unexpected is `INTERNAL` with a request id, and its cause goes to the log.
 */
import type { ApolloServerOptions, ApolloServerPlugin, BaseContext } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError, Kind } from 'graphql';
import { ApiError, type ErrorCode } from '../errors.js';
import type { Logger } from '../log.js';
import { UnsignedRowError, unsignedRow } from '../vault/signed-row.js';

/** The request that an error belongs to, as the context of every resolver knows it. */
export interface RequestScope {
  readonly requestId: string;
  /** Writes the request id with each line. */
  readonly log: Logger;
}

/** Content type of responses whose HTTP status speaks for the GraphQL result too. */
export const graphqlResponseType = 'application/graphql-response+json';

/** The HTTP status of a response that has no `data`, in `application/graphql-response+json`. */
export const httpStatusOf: Record<ErrorCode, number> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  BAD_USER_INPUT: 400,
  CONFLICT: 409,
  SECRET_KEY_IN_USE: 409,
  LAST_MANAGER: 409,
  RATE_LIMITED: 429,
  PAYLOAD_TOO_LARGE: 413,
  INTERNAL: 500,
};

const scopes = new WeakMap<object, RequestScope>();
const alreadyLogged = new WeakSet<object>();

/** Apollo Server's `formatError`. `log` serves for errors that belong to no request; see `createErrorPlugin` for the others. */
export function formatError(log: Logger): NonNullable<ApolloServerOptions<BaseContext>['formatError']> {
  return (_formatted, error) => maskError(error, scopes.get(error as object) ?? { log });
}

/**
 * Tells `formatError` which request an error belongs to, and gives the response of a failed request its HTTP status and
 * `Retry-After`. A client that asked for `application/json` reads the outcome in the body, under status 200, as the GraphQL
 * over HTTP specification recommends; being told to slow down, or that we failed, keeps its own status.
 */
export function createErrorPlugin<Context extends BaseContext & RequestScope>(): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didEncounterErrors({ errors, contextValue }) {
          for (const error of errors) scopes.set(error, contextValue);
        },
        async willSendResponse({ request, response }) {
          if (response.body.kind !== 'single') return;
          const { errors, data } = response.body.singleResult;
          const first = errors?.[0];
          if (first === undefined) return;
          const retryAfter = first.extensions?.retryAfterSeconds;
          if (typeof retryAfter === 'number') response.http.headers.set('retry-after', String(retryAfter));
          if (data !== undefined) return;
          const status = httpStatusOf[first.extensions?.code as ErrorCode];
          const isReadInBody = Boolean(request.query) && request.http?.headers.get('accept') !== graphqlResponseType;
          response.http.status = isReadInBody && status < httpStatusOf.RATE_LIMITED ? 200 : status;
        },
      };
    },
    async unexpectedErrorProcessingRequest({ requestContext, error }) {
      logOnce(error, requestContext.contextValue.log);
    },
  };
}

/**
 * The error as its caller may see it. Writes an unexpected one to the log, once, however many fields it made fail.
 * Whoever answers an operation without Apollo Server's execution applies it to each error.
 */
export function maskError(
  error: unknown,
  scope: { readonly requestId?: string; readonly log: Logger },
): GraphQLFormattedError {
  const { locations, path } = error instanceof Error ? (error as Partial<GraphQLError>) : {};
  const place = { ...(locations !== undefined && { locations }), ...(path !== undefined && { path }) };
  const cause = rootCause(error);
  if (cause instanceof ApiError && cause.code !== 'INTERNAL') {
    if (cause instanceof UnsignedRowError) logOnce(cause, scope.log);
    else if (cause.detail !== undefined) scope.log.info({ code: cause.code, detail: cause.detail }, 'refused');
    return { message: cause.message, ...place, extensions: { ...cause.extensions, code: cause.code } };
  }
  const problem = error instanceof GraphQLError ? describeProblem(error, cause) : undefined;
  if (problem !== undefined) {
    return {
      message: `${problem}${positionOf(error as GraphQLError)}.`,
      ...place,
      extensions: { code: 'BAD_USER_INPUT' },
    };
  }
  logOnce(cause, scope.log);
  return {
    message: 'Something failed on our side.',
    ...place,
    extensions: {
      code: 'INTERNAL' satisfies ErrorCode,
      ...(scope.requestId !== undefined && { requestId: scope.requestId }),
    },
  };
}

/** What was thrown first: GraphQL wraps an error once for the field that it made fail, Apollo Server once more. */
function rootCause(error: unknown): unknown {
  let cause = error;
  while (
    !(cause instanceof ApiError) &&
    cause instanceof Error &&
    'originalError' in cause &&
    cause.originalError instanceof Error
  ) {
    cause = cause.originalError;
  }
  return cause;
}

function logOnce(cause: unknown, log: Logger): void {
  if (cause instanceof Error) {
    if (alreadyLogged.has(cause)) return;
    alreadyLogged.add(cause);
  }
  if (cause instanceof UnsignedRowError) log.error({ table: cause.table, id: cause.id }, unsignedRow);
  else log.error(cause instanceof Error ? { err: cause } : { thrown: typeof cause }, 'request failed');
}

/** A sentence for a mistake of the caller's; undefined when the error is not one. */
function describeProblem(error: GraphQLError, cause: unknown): string | undefined {
  // Inside of a resolver an error speaks of the caller only when graphql-js could not coerce an argument.
  if (error.path !== undefined) {
    const isOfArgument = cause instanceof GraphQLError && cause.nodes?.every(({ kind }) => argumentKinds.has(kind));
    return isOfArgument ? describe(error.message, 'An argument is not valid') : undefined;
  }
  const otherwise = problemsByCode.get(String(error.extensions.code));
  return otherwise === undefined ? undefined : describe(error.message, otherwise);
}

const argumentKinds: ReadonlySet<string> = new Set([
  Kind.VARIABLE,
  Kind.INT,
  Kind.FLOAT,
  Kind.STRING,
  Kind.BOOLEAN,
  Kind.NULL,
  Kind.ENUM,
  Kind.LIST,
  Kind.OBJECT,
]);

const problemsByCode: ReadonlyMap<string, string> = new Map([
  [ApolloServerErrorCode.GRAPHQL_PARSE_FAILED, 'Syntax error'],
  [ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED, 'The document is not valid'],
  [ApolloServerErrorCode.BAD_USER_INPUT, 'A variable is missing or has the wrong type'],
  [ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE, 'The document has no operation of the name that was asked for'],
  [ApolloServerErrorCode.BAD_REQUEST, 'The request is not valid'],
  [ApolloServerErrorCode.PERSISTED_QUERY_NOT_FOUND, 'Persisted queries are not supported'],
  [ApolloServerErrorCode.PERSISTED_QUERY_NOT_SUPPORTED, 'Persisted queries are not supported'],
]);

/**
 * Messages of graphql-js 16 and Apollo Server 5, and what is passed on of them. Each pattern is anchored and stops before
 * the first text of the caller's that it does not drop; what it captures is a name or type of the schema.
 */
const wordings: readonly (readonly [pattern: RegExp, sentence: string])[] = [
  [/^Syntax Error: Document contains more that (\d+) tokens/, 'The document has more than $1 tokens'],
  [/^Cannot query field "\w+" on type "(\w+)"/, 'Unknown field on type "$1"'],
  [/^Unknown argument "\w+" on field "(\w+\.\w+)"/, 'Unknown argument on field "$1"'],
  [/^Field "(\w+)" argument "(\w+)" of type "[\w![\]]+" is required/, 'Argument "$2" of field "$1" is required'],
  [/^Field "(\w+)" of type "([\w![\]]+)" must have /, 'Field "$1" of type "$2" needs a selection of subfields'],
  [/^Field "(\w+)" must not have a selection /, 'Field "$1" has no subfields to select'],
  [/^Field "(\w+\.\w+)" of required type "[\w![\]]+" was not provided/, 'Input field "$1" is required'],
  [/^Field "\w+" is not defined by type "(\w+)"/, 'Unknown field on input type "$1"'],
  [/^Expected value of type "([\w![\]]+)", found /, 'Expected a value of type "$1"'],
  [/^(Int|Float|String|Boolean|ID) cannot represent /, 'Expected a value of type "$1"'],
  [/^Value "\w+" does not exist in "(\w+)" enum/, 'Expected a value of type "$1"'],
  [/^Enum "(\w+)" cannot represent /, 'Expected a value of type "$1"'],
  [/^Argument "(\w+)" (of|has) /, 'Argument "$1" is missing or not valid'],
  [
    /^Variable "\$\w+" of type "([\w![\]]+)" used in position expecting type "([\w![\]]+)"/,
    'A variable of type "$1" is used where "$2" is expected',
  ],
  [/^Variable "\$\w+" is not defined/, 'A variable is used that the operation does not define'],
  [/^Variable "\$\w+" is never used/, 'A variable is defined and never used'],
  [/^Unknown type "/, 'Unknown type'],
  [/^Unknown directive "/, 'Unknown directive'],
  [/^Unknown fragment "/, 'Unknown fragment'],
  [/^Fragment "\w+" is never used/, 'A fragment is defined and never used'],
  [/^Cannot spread fragment "\w+" within itself/, 'A fragment contains itself'],
  [/^Fields "/, 'Two fields of the same name in the response differ; give one of them an alias'],
  [/^GraphQL introspection is not allowed/, 'Introspection is turned off'],
  [/^Operation batching disabled/, 'Several operations in one request are not supported'],
  [/^POST body missing/, 'The request body must be a JSON object'],
  [/^GraphQL operations must contain a non-empty `query`/, 'The request has no query'],
  [/^`(variables|extensions|operationName)` in a POST body/, 'The request\'s "$1" has the wrong type'],
];

function describe(message: string, otherwise: string): string {
  for (const [pattern, sentence] of wordings) {
    const match = pattern.exec(message);
    if (match !== null) return sentence.replace(/\$(\d)/g, (_, group: string) => match[Number(group)] ?? '');
  }
  return otherwise;
}

function positionOf({ locations }: GraphQLError): string {
  const first = locations?.[0];
  return first === undefined ? '' : ` (line ${first.line}, column ${first.column})`;
}
