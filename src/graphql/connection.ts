/** Connections after the Relay cursor specification, with `nodes` beside `edges` and a capped count. */

import type { ClassType } from 'type-graphql';
import { Field, Int, ObjectType } from 'type-graphql';
import { badInput } from '../errors.js';
import { isId } from '../ids.js';
import { Envelope, GovernedBy } from './guard.js';

/** A count is exact up to here; beyond it says so instead of counting on. */
export const countCap = 1_000;
export const maxPageSize = 100;

@ObjectType({ description: 'Where a page lies in its list.' })
@GovernedBy('Envelope')
export class PageInfo extends Envelope {
  @Field(() => Boolean, { description: 'Whether more follow after this page.' })
  readonly hasNextPage: boolean;
  @Field(() => Boolean, { description: 'Whether more come before this page.' })
  readonly hasPreviousPage: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the first element; null on an empty page.' })
  readonly startCursor: string | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the last element; null on an empty page.' })
  readonly endCursor: string | null;

  constructor(page: Page<unknown>) {
    super();
    this.hasNextPage = page.hasNextPage;
    this.hasPreviousPage = page.hasPreviousPage;
    this.startCursor = page.cursors[0] ?? null;
    this.endCursor = page.cursors.at(-1) ?? null;
  }
}

/** One page of a list: nodes and their cursors side by side, and a count that is made only when asked. */
export interface Page<Node> {
  readonly nodes: readonly Node[];
  readonly cursors: readonly string[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  /** At most `countCap + 1`. */
  readonly count: () => Promise<number>;
}

/** Makes the GraphQL types `NameConnection` and `NameEdge`. */
export function connectionOf<Node extends object>(name: string, nodeType: () => ClassType<Node>, plural: string) {
  @ObjectType(`${name}Edge`, { description: `One of ${plural}, with its place in the list.` })
  @GovernedBy('Envelope', { typeName: `${name}Edge` })
  class Edge extends Envelope {
    @Field(nodeType, { description: 'The element.' })
    readonly node: Node;
    @Field(() => String, { description: 'Continue after or before this element with it. Opaque.' })
    readonly cursor: string;

    constructor(node: Node, cursor: string) {
      super();
      this.node = node;
      this.cursor = cursor;
    }
  }

  @ObjectType(`${name}Connection`, { description: `A page of ${plural}.` })
  @GovernedBy('Envelope', { typeName: `${name}Connection` })
  class Connection extends Envelope {
    readonly #page: Page<Node>;
    #count: Promise<number> | null = null;

    constructor(page: Page<Node>) {
      super();
      this.#page = page;
    }

    @Field(() => [nodeType()], { description: 'The elements of the page.' })
    get nodes(): readonly Node[] {
      return this.#page.nodes;
    }

    @Field(() => [Edge], { description: 'The elements of the page with their cursors.' })
    get edges(): readonly Edge[] {
      return this.#page.nodes.map((node, index) => new Edge(node, this.#page.cursors[index] ?? ''));
    }

    @Field(() => PageInfo, { description: 'Where the page lies in the list.' })
    get pageInfo(): PageInfo {
      return new PageInfo(this.#page);
    }

    @Field(() => Int, { description: `How many there are in all, at most ${countCap}. Counted only when asked for.` })
    get totalCount(): Promise<number> {
      return this.#counted().then((count) => Math.min(count, countCap));
    }

    @Field(() => Boolean, { description: `Whether there are more than the ${countCap} that totalCount tells of.` })
    get totalCountIsCapped(): Promise<boolean> {
      return this.#counted().then((count) => count > countCap);
    }

    #counted(): Promise<number> {
      this.#count ??= this.#page.count();
      return this.#count;
    }
  }
  return Connection;
}

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** Which way to read, from where, and how many. */
export interface PageRequest {
  readonly direction: 'forward' | 'backward';
  readonly size: number;
  /** The place to continue from: the sort value and the id of an element. Null at the list's end in that direction. */
  readonly from: CursorPlace | null;
}

export interface CursorPlace {
  readonly value: string | number;
  readonly id: string | number;
}

/**
 * Sizes have been checked before, by the operation limits.
 * @param order names the list's order; a cursor made in another order is refused.
 */
export function readPageArguments(args: PageArguments, order: string): PageRequest {
  const isBackward = (args.last ?? null) !== null || (args.before ?? null) !== null;
  if (isBackward && (args.after ?? null) !== null) {
    throw badInput({ field: 'before', message: 'cannot be combined with after' });
  }
  if (isBackward && (args.last ?? null) === null) throw badInput({ field: 'last', message: 'is required with before' });
  const [cursorField, cursor] = isBackward ? ['before', args.before] : ['after', args.after];
  return {
    direction: isBackward ? 'backward' : 'forward',
    size: (isBackward ? args.last : args.first) ?? 20,
    from: cursor === null || cursor === undefined ? null : readCursor(cursor, order, String(cursorField)),
  };
}

export const makeCursor = (order: string, place: CursorPlace): string =>
  Buffer.from(JSON.stringify([order, place.value, place.id])).toString('base64url');

function readCursor(cursor: string, order: string, field: string): CursorPlace {
  const refuse = () => badInput({ field, message: 'is not a cursor of this list in this order' });
  if (cursor.length > 2_000) throw refuse();
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    throw refuse();
  }
  if (!Array.isArray(parsed) || parsed.length !== 3) throw refuse();
  const [madeIn, value, id] = parsed as unknown[];
  if (madeIn !== order || !isCursorValue(value) || !isCursorId(id)) throw refuse();
  return { value, id };
}

const isCursorValue = (value: unknown): value is string | number =>
  typeof value === 'string' || Number.isSafeInteger(value);

/** Nothing else is compared with an id's column: MySQL refuses to compare ASCII with other letters. */
const isCursorId = (id: unknown): id is string | number =>
  typeof id === 'string' ? isId(id) : Number.isSafeInteger(id);

/**
 * Makes a page of rows that were read in the request's direction, one more than its size at most.
 * @param placeOf the sort value and id of a row.
 */
export function pageOf<Source, Node>(
  rows: readonly Source[],
  request: PageRequest,
  order: string,
  placeOf: (row: Source) => CursorPlace,
  nodeOf: (row: Source) => Node,
  count: () => Promise<number>,
): Page<Node> {
  const hasMore = rows.length > request.size;
  const kept = rows.slice(0, request.size);
  if (request.direction === 'backward') kept.reverse();
  const cameFrom = request.from !== null;
  return {
    nodes: kept.map(nodeOf),
    cursors: kept.map((row) => makeCursor(order, placeOf(row))),
    hasNextPage: request.direction === 'forward' ? hasMore : cameFrom,
    hasPreviousPage: request.direction === 'backward' ? hasMore : cameFrom,
    count,
  };
}
