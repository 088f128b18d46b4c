import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { ShortPageArgs } from '../../graphql/page.args.js';
import { GranteeConnection, GranteeKind } from './grantee.type.js';
import { listGrantees } from './list-grantees.js';
import type { GranteeKind as Kind } from './organization.entity.js';
import { viewer } from './viewer.js';
import { Viewer } from './viewer.type.js';

@ArgsType()
class GranteesArgs extends ShortPageArgs {
  @Field(() => String, { nullable: true, description: 'Part of a name or an address. At most 120 characters.' })
  search?: string | null;
  @Field(() => [GranteeKind], { nullable: true, description: 'Only these kinds; all when omitted.' })
  kinds?: Kind[] | null;
}

@Resolver()
export class OrganizationResolver {
  @Query(() => Viewer, { description: 'Who the caller is.' })
  viewer(@Ctx() ctx: RequestContext): Promise<Viewer> {
    return viewer(ctx);
  }

  @Query(() => GranteeConnection, {
    description: 'Active people, groups and service accounts by name, for a picker. 20 when no size is said.',
  })
  async grantees(@Ctx() ctx: RequestContext, @Args(() => GranteesArgs) args: GranteesArgs) {
    return new GranteeConnection(await listGrantees(ctx, args));
  }
}
