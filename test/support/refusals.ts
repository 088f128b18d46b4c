/** Refusals that every operation has in common, as tests to register inside of a `describe`. */
import { expect } from 'chai';
import { newId } from '../../src/ids.js';
import { type Answer, Client, newTeam, tokenFor } from './api.js';
import { createKey, deleteKey } from './secret-keys.js';
import { unchanged } from './stored.js';

/** Everything of an answer but what tells one request from the next. */
export function comparable({ status, headers, text }: Answer) {
  const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id');
  return { status, headers: Object.fromEntries(kept), text };
}

export function itNeedsAnIdentity(query: string, variables: Record<string, unknown> = {}): void {
  it('answers UNAUTHENTICATED, whatever is asked, to whoever has no token of an active account', async () => {
    const team = await newTeam();
    const { api, bob, deployBot, nobody, slug } = team;
    const someone = (token: string) => new Client(api.url, bob.id, 'Someone', token);
    const callers: readonly (readonly [Client, string])[] = [
      [nobody, 'A bearer token is required.'],
      [someone('not-a-token'), 'The bearer token is not valid.'],
      [someone(`${deployBot.token}x`), 'The bearer token is not valid.'],
      [someone(await tokenFor(`nobody@${slug}`)), 'Your account is not an active member of an organization here.'],
    ];
    for (const [caller, message] of callers) {
      const answer = await unchanged(team, () => caller.ask(query, variables));
      expect({
        status: answer.status,
        challenge: answer.headers.get('www-authenticate'),
        body: JSON.parse(answer.text),
      }).to.deep.equal({
        status: 401,
        challenge: 'Bearer',
        body: { errors: [{ message, extensions: { code: 'UNAUTHENTICATED' } }] },
      });
    }
  });
}

/**
 * @param wanted the state that the operation looks for: a key in the other state counts as absent.
 * @param answer the body, without the locations in the document.
 */
export function itTellsUnseenKeysFromNothing(
  query: string,
  variables: (id: string) => Record<string, unknown>,
  wanted: 'ACTIVE' | 'DELETED',
  answer: unknown,
): void {
  it('answers alike, byte for byte, for a hidden, foreign, malformed and absent key and one in the wrong state', async () => {
    const team = await newTeam();
    const { bob, carol, deployBot, stranger } = team;
    const inState = async (owner: Client, state: 'ACTIVE' | 'DELETED'): Promise<string> => {
      const id = await createKey(owner);
      if (state === 'DELETED') await deleteKey(owner, id);
      return id;
    };
    const hidden = await inState(carol, wanted);
    const ids = [
      hidden,
      await inState(stranger, wanted),
      await inState(bob, wanted === 'ACTIVE' ? 'DELETED' : 'ACTIVE'),
      newId(),
      hidden.toUpperCase(),
      `${hidden} `,
      'not-an-id',
      '',
    ];
    for (const caller of [bob, deployBot]) {
      const answers = await unchanged(team, () => Promise.all(ids.map((id) => caller.ask(query, variables(id)))));
      const [first, ...others] = answers.map(comparable);
      for (const other of others) expect(other).to.deep.equal(first);
      expect(JSON.parse(first?.text ?? '', (name, value) => (name === 'locations' ? undefined : value))).to.deep.equal(
        answer,
      );
    }
  });
}

/** The whole body of a refusal of an operation's only field, without the locations in the document. */
export const refusalAnswer = (operation: string, code: string, message: string) => ({
  errors: [{ message, path: [operation], extensions: { code } }],
  data: null,
});
