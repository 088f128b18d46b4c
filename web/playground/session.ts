/** Who the token belongs to, as the API tells it. */
import { type GraphQLAnswer, isBearerToken, sendGraphQL } from './graphql-request.js';

export interface Viewer {
  readonly name: string;
  /** A person's role in the organization; null for a service account. */
  readonly role: string | null;
  readonly organization: { readonly name: string };
}

export type Session =
  | { readonly status: 'signedOut' }
  | { readonly status: 'checking' }
  | { readonly status: 'signedIn'; readonly viewer: Viewer }
  | { readonly status: 'refused'; readonly reason: string };

const viewerQuery = '{ viewer { name role organization { name } } }';

/** Asks the API who the token belongs to. Every failure is a `refused` session with a sentence for the reader. */
export async function identify(token: string, signal: AbortSignal): Promise<Session> {
  if (!isBearerToken(token)) {
    return refused('This is not a token: paste it alone, without spaces, quotes or the word Bearer.');
  }
  try {
    return sessionFrom(await sendGraphQL(token, { query: viewerQuery }, { signal }));
  } catch {
    return refused('The server cannot be reached.');
  }
}

export function sessionFrom(answer: GraphQLAnswer): Session {
  const viewer = answer.data?.viewer as Viewer | null | undefined;
  if (viewer) return { status: 'signedIn', viewer };

  const error = answer.errors?.[0];
  if (error?.extensions?.code === 'UNAUTHENTICATED') {
    return refused('The server does not accept this token. It may have expired or been revoked.');
  }
  return refused(error?.message ?? 'The server did not say who you are.');
}

/** The session in one line, such as `Signed in as Bob (MEMBER) · Acme`. */
export function describeSession(session: Session): string {
  switch (session.status) {
    case 'signedOut':
      return 'Signed out';
    case 'checking':
      return 'Checking the token…';
    case 'refused':
      return session.reason;
    case 'signedIn': {
      const { name, role, organization } = session.viewer;
      return `Signed in as ${name} (${role ?? 'service account'}) · ${organization.name}`;
    }
  }
}

const refused = (reason: string): Session => ({ status: 'refused', reason });
