/**
 * The closed set of errors that a caller can meet. Whatever else is thrown reaches the caller as INTERNAL with a request id.
 */

export const errorCodes = {
  UNAUTHENTICATED: 'No valid bearer token came with the request.',
  FORBIDDEN: 'The caller may see the object, but not do this with it.',
  NOT_FOUND: 'The object does not exist, or the caller may not see it. Both give the same answer.',
  BAD_USER_INPUT: 'The request or one of its inputs is not valid; `extensions.fields` names the fields.',
  CONFLICT: 'Something else already holds this name, version or idempotency key. Nothing was changed.',
  SECRET_KEY_IN_USE:
    'Workflows refer to the key; deleting it would break them. `extensions.workflows` has at most 20 that the caller may see, `workflowCount` how many those are, and `notVisibleWorkflowCount` how many there are besides.',
  LAST_MANAGER: 'The change would leave a key, or the organization, with nobody to manage it.',
  RATE_LIMITED: 'Too many requests in a short time; `extensions.retryAfterSeconds` says when to ask again.',
  PAYLOAD_TOO_LARGE: 'The request body is larger than the limit.',
  INTERNAL: 'Something failed on our side; the log has the details under the request id.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** One offending field: its path in the input, such as `input.grants[0].granteeId`, and a sentence that never quotes the value. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/**
 * An error whose message was written for the caller. `message` carries no value, and no name, id or rule that the caller
 * could not read. `detail` goes to the log alone.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly extensions: { readonly fields?: readonly FieldProblem[]; readonly [key: string]: unknown } = {},
    readonly detail?: string,
  ) {
    super(message);
  }
}

export const notFound = (): ApiError => new ApiError('NOT_FOUND', 'Not found.');

export const forbidden = (detail?: string): ApiError =>
  new ApiError('FORBIDDEN', 'You are not allowed to do this.', {}, detail);

export const conflict = (message: string): ApiError => new ApiError('CONFLICT', message);

export const badInput = (...fields: readonly FieldProblem[]): ApiError =>
  new ApiError('BAD_USER_INPUT', `Invalid input: ${fields.map((f) => `${f.field} ${f.message}`).join('; ')}.`, {
    fields,
  });
