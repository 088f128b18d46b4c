import { useState } from 'react';
import { describeSession, type Session } from './session.js';

/** The top of the page: whose API this is, the token, and who it belongs to. */
export function SessionBar(props: { token: string; session: Session; onToken: (token: string) => void }) {
  const [isShown, setIsShown] = useState(false);
  const { token, session, onToken } = props;
  const forget = () => {
    setIsShown(false);
    onToken('');
  };

  return (
    <header className="session-bar">
      <div className="brand">
        <img src="/playground/icon.svg" alt="" width="28" height="28" />
        <h1>
          Nightsafe <span>API playground</span>
        </h1>
      </div>

      <div className="token">
        <label htmlFor="token">Token</label>
        <input
          id="token"
          type={isShown ? 'text' : 'password'}
          value={token}
          onChange={(event) => onToken(event.target.value.trim())}
          placeholder="Paste an access token"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby="token-storage"
          aria-invalid={session.status === 'refused'}
        />
        {token && (
          <>
            <button type="button" aria-pressed={isShown} onClick={() => setIsShown(!isShown)}>
              {isShown ? 'Hide' : 'Show'}
            </button>
            <button type="button" onClick={forget}>
              Forget
            </button>
          </>
        )}
      </div>

      <output className={`session session-${session.status}`}>{describeSession(session)}</output>

      <p className="hint">
        {session.status !== 'signedIn' && (
          <span>
            Docs and completion load once you are signed in. Demo token: <code>npx nightsafe token --as bob</code>
          </span>
        )}
        <span id="token-storage">
          The token stays in this tab’s sessionStorage. Operations, variables and results are not kept in the browser.
        </span>
      </p>
    </header>
  );
}
