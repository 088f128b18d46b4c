import { ArgsType, Field, Int } from 'type-graphql';
import { maxPageSize, type PageArguments } from './connection.js';

/** The arguments of every connection. */
@ArgsType()
export class PageArgs implements PageArguments {
  @Field(() => Int, {
    nullable: true,
    description: `How many to read forward, 1 to ${maxPageSize}; 50 when nothing is said.`,
  })
  first?: number | null;
  @Field(() => String, { nullable: true, description: 'Start after this cursor.' })
  after?: string | null;
  @Field(() => Int, { nullable: true, description: `How many to read backward, 1 to ${maxPageSize}.` })
  last?: number | null;
  @Field(() => String, { nullable: true, description: 'Start before this cursor; needs `last`.' })
  before?: string | null;
}
