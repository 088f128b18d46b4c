/** What every list refuses. */
import { expect } from 'chai';
import { makeCursor } from '../../src/graphql/connection.js';
import { type Client, newTeam } from './api.js';

/**
 * @param order the name under which the list makes its cursors.
 * @param caller somebody who may call the operation.
 */
export function itRefusesBadPages(
  query: string,
  order: string,
  caller: (team: Awaited<ReturnType<typeof newTeam>>) => Client,
): void {
  it('names the argument of a page that is wrong', async () => {
    const client = caller(await newTeam());
    const operation = order.split('/', 1)[0];
    const cursor = makeCursor(order, { value: 'a', id: 'a' });
    const size = 'must be 1 to 100';
    const limit = 'must be from 0 to 100';
    const cases: readonly (readonly [variables: Record<string, unknown>, field: string, message: string])[] = [
      [{ first: 0 }, 'first', size],
      [{ first: 101 }, `${operation}.first`, limit],
      [{ first: -1 }, `${operation}.first`, limit],
      [{ last: 0 }, 'last', size],
      [{ last: 101 }, `${operation}.last`, limit],
      [{ before: cursor }, 'last', 'is required with before'],
      [{ last: 5, after: cursor }, 'before', 'cannot be combined with after'],
      [{ first: 'ten' }, 'first', 'has the wrong type'],
    ];
    for (const [variables, field, message] of cases) {
      expect([variables, await client.refusal(query, variables)]).to.deep.equal([
        variables,
        { code: 'BAD_USER_INPUT', fields: [{ field, message }] },
      ]);
    }
  });

  it('refuses a cursor that it did not make: garbage, or of another order or list', async () => {
    const client = caller(await newTeam());
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const cursors = [
      '',
      'not-a-cursor',
      '\u0000',
      'x'.repeat(3_000),
      encoded(null),
      encoded({ 0: order, 1: 'a', 2: 'a', length: 3 }),
      encoded([order, 'a']),
      encoded([order, 'a', 'a', 'a']),
      encoded([order, null, 'a']),
      encoded([order, 'a', { a: 1 }]),
      encoded([order, 1.5, 'a']),
      encoded([`${order}/DESC`, 'a', 'a']),
      makeCursor('anotherList', { value: 'a', id: 'a' }),
    ];
    for (const cursor of cursors) {
      for (const [variables, field] of [
        [{ first: 5, after: cursor }, 'after'],
        [{ last: 5, before: cursor }, 'before'],
      ] as const) {
        expect(await client.refusal(query, variables)).to.deep.equal({
          code: 'BAD_USER_INPUT',
          fields: [{ field, message: 'is not a cursor of this list in this order' }],
        });
      }
    }
  });

  it('takes a cursor of the right form that names no element for a place in the order', async () => {
    const client = caller(await newTeam());
    for (const value of ['a', '', '\u00fc\u{1f511}', "'; --", '\\', -1, 0, Number.MAX_SAFE_INTEGER]) {
      for (const id of ['a', '\u00fc\u{1f511}', '\u0000', 7]) {
        const cursor = makeCursor(order, { value, id });
        for (const variables of [
          { first: 5, after: cursor },
          { last: 5, before: cursor },
        ]) {
          expect((await client.ask(query, variables)).errors).to.equal(undefined);
        }
      }
    }
  });
}
