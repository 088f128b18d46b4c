import { GraphiQL, type GraphiQLProps } from 'graphiql';
import { useEffect, useMemo, useState } from 'react';
import { examples } from './examples.js';
import { sendGraphQL } from './graphql-request.js';
import { LayoutStorage } from './layout-storage.js';
import { identify, type Session } from './session.js';
import { SessionBar } from './session-bar.js';

const tokenKey = 'nightsafe:token';
const typingPauseMilliseconds = 300;
const storage = new LayoutStorage(localStorage);
const noPlugins: GraphiQLProps['plugins'] = [];

export function Playground() {
  const [token, setToken] = useState(() => sessionStorage.getItem(tokenKey) ?? '');
  const session = useSession(token);
  const fetcher = useMemo<GraphiQLProps['fetcher']>(
    () => (request, options) => sendGraphQL(token, request, { headers: options?.headers }),
    [token],
  );

  return (
    <>
      <SessionBar token={token} session={session} onToken={setToken} />
      <main>
        <GraphiQL
          fetcher={fetcher}
          // null keeps GraphiQL from asking for a schema that a signed-out caller does not get.
          schema={session.status === 'signedIn' ? undefined : null}
          storage={storage}
          shouldPersistHeaders={false}
          plugins={noPlugins}
          defaultTabs={[...examples]}
          defaultEditorToolsVisibility="variables"
        >
          <GraphiQL.Logo>{null}</GraphiQL.Logo>
        </GraphiQL>
      </main>
    </>
  );
}

/** Remembers the token for this tab alone and finds out who it belongs to. */
function useSession(token: string): Session {
  const [identified, setIdentified] = useState<{ token: string; session: Session }>();

  useEffect(() => {
    if (!token) {
      sessionStorage.removeItem(tokenKey);
      return;
    }
    sessionStorage.setItem(tokenKey, token);

    const replaced = new AbortController();
    const pause = setTimeout(async () => {
      const session = await identify(token, replaced.signal);
      if (!replaced.signal.aborted) setIdentified({ token, session });
    }, typingPauseMilliseconds);
    return () => {
      clearTimeout(pause);
      replaced.abort();
    };
  }, [token]);

  // An answer for another token says nothing about this one, not even for the length of one render.
  if (!token) return { status: 'signedOut' };
  return identified?.token === token ? identified.session : { status: 'checking' };
}
