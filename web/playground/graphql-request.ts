/** The one way from this page to the API: POST /graphql on the same origin, with the bearer token. */

export interface GraphQLRequest {
  readonly query: string;
  readonly operationName?: string | null;
  readonly variables?: unknown;
}

export interface GraphQLAnswer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** True for the characters that a bearer token may have: `b64token` of RFC 6750, section 2.1. */
export const isBearerToken = (text: string): boolean => /^[A-Za-z0-9\-._~+/]+=*$/.test(text);

/** Sends one operation. Text that is no bearer token is not sent, and the token wins over an `Authorization` in `headers`. */
export async function sendGraphQL(
  token: string,
  request: GraphQLRequest,
  options: { readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {},
): Promise<GraphQLAnswer> {
  const headers = new Headers(options.headers);
  headers.set('Content-Type', 'application/json');
  headers.set('Accept', 'application/graphql-response+json, application/json');
  if (isBearerToken(token)) headers.set('Authorization', `Bearer ${token}`);

  const response = await fetch('/graphql', {
    method: 'POST',
    headers,
    body: JSON.stringify(request),
    signal: options.signal ?? null,
  });
  try {
    return (await response.json()) as GraphQLAnswer;
  } catch {
    return { errors: [{ message: `The server answered with status ${response.status} and no JSON.` }] };
  }
}
