import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { PageArgs } from '../../graphql/page.args.js';
import { AuditEventConnection, AuditEventFilter } from './audit-event.type.js';
import { listAuditEvents } from './list-audit-events.js';

@ArgsType()
class AuditEventsArgs extends PageArgs {
  @Field(() => AuditEventFilter, { nullable: true, description: 'Narrows the list.' })
  filter?: AuditEventFilter | null;
}

@Resolver()
export class AuditEventResolver {
  @Query(() => AuditEventConnection, {
    description: 'The audit log of the organization, the latest first; for administrators and auditors.',
  })
  async auditEvents(@Ctx() ctx: RequestContext, @Args(() => AuditEventsArgs) args: AuditEventsArgs) {
    return new AuditEventConnection(await listAuditEvents(ctx, args));
  }
}
