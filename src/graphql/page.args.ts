import { ArgsType, Field, Int } from 'type-graphql';
import { maxPageSize, type PageArguments } from './connection.js';

/** The arguments of a connection that shows `defaultSize` elements when nothing is said. */
function pageArgs(defaultSize: number) {
  @ArgsType()
  class Args implements PageArguments {
    @Field(() => Int, {
      nullable: true,
      defaultValue: defaultSize,
      description: `How many to read forward, 1 to ${maxPageSize}. Without meaning beside \`last\`.`,
    })
    first?: number | null;
    @Field(() => String, { nullable: true, description: 'Start after this cursor.' })
    after?: string | null;
    @Field(() => Int, { nullable: true, description: `How many to read backward, 1 to ${maxPageSize}.` })
    last?: number | null;
    @Field(() => String, { nullable: true, description: 'Start before this cursor; needs `last`.' })
    before?: string | null;
  }
  return Args;
}

/** Of a list that a screen shows by itself. */
@ArgsType()
export class PageArgs extends pageArgs(50) {}

/** Of a list inside of another object, or in a picker. */
@ArgsType()
export class ShortPageArgs extends pageArgs(20) {}
