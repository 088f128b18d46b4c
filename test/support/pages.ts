/** Pages of lists: what every list refuses, and a list read page by page. */
import { expect } from 'chai';
import { makeCursor } from '../../src/graphql/connection.js';
import { newId } from '../../src/ids.js';
import { type Client, newTeam, type Team } from './api.js';

/**
 * @param order the name under which the list makes its cursors.
 * @param caller somebody who may call the operation.
 */
export function itRefusesBadPages(query: string, order: string, caller: (team: Team) => Client): void {
  it('names the argument of a page that is wrong', async () => {
    const client = caller(await newTeam());
    const operation = order.split('/', 1)[0];
    const cursor = makeCursor(order, { value: 'a', id: newId() });
    const size = 'must be 1 to 100';
    const cases: readonly (readonly [variables: Record<string, unknown>, field: string, message: string])[] = [
      [{ first: 0 }, `${operation}.first`, size],
      [{ first: 101 }, `${operation}.first`, size],
      [{ first: -1 }, `${operation}.first`, size],
      [{ last: 0 }, `${operation}.last`, size],
      [{ last: 101 }, `${operation}.last`, size],
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
    const id = newId();
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const cursors = [
      '',
      'not-a-cursor',
      '\u0000',
      'x'.repeat(3_000),
      encoded(null),
      encoded({ 0: order, 1: 'a', 2: id, length: 3 }),
      encoded([order, 'a']),
      encoded([order, 'a', id, id]),
      encoded([order, null, id]),
      encoded([order, 1.5, id]),
      encoded([order, 'a', { a: 1 }]),
      encoded([order, 'a', 1.5]),
      encoded([order, 'a', '\u00fc']),
      encoded([order, 'a', id.toUpperCase()]),
      encoded([`${order}/DESC`, 'a', id]),
      makeCursor('anotherList', { value: 'a', id }),
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
      for (const id of [newId(), 7]) {
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

interface Connection<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** The whole list that `query` has a page of, read from its beginning or from its end; every page but the last one is full. */
export async function walk<Node>(
  client: Client,
  query: string,
  direction: 'forward' | 'backward',
  size: number,
  variables: Record<string, unknown> = {},
): Promise<Node[]> {
  const isForward = direction === 'forward';
  const read: Node[] = [];
  for (let cursor: string | null = null, hasMore = true; hasMore; ) {
    const place: object = isForward ? { first: size, after: cursor } : { last: size, before: cursor };
    const data = await client.data(query, { ...variables, ...place });
    const [{ nodes, pageInfo }] = Object.values(data) as [Connection<Node>];
    expect(isForward ? pageInfo.hasPreviousPage : pageInfo.hasNextPage).to.equal(cursor !== null);
    if (isForward) read.push(...nodes);
    else read.unshift(...nodes);
    [cursor, hasMore] = isForward
      ? [pageInfo.endCursor, pageInfo.hasNextPage]
      : [pageInfo.startCursor, pageInfo.hasPreviousPage];
    if (hasMore) expect(nodes).to.have.lengthOf(size);
  }
  return read;
}
