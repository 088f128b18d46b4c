/** `members`: the people of the organization by name, the deactivated ones included. */
import { forbidden } from '../../errors.js';
import type { Page } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { granteePage } from './grantee-page.js';
import type { MembersArgs } from './member.inputs.js';
import { memberRecord } from './member.record.js';
import { Member } from './member.type.js';

export async function listMembers(ctx: RequestContext, args: MembersArgs): Promise<Page<Member>> {
  if (args.role) mustReadOfEveryone(ctx, 'role');
  if (args.state) mustReadOfEveryone(ctx, 'state');
  return granteePage(ctx, 'members', 'PERSON', args, args, (person) => new Member(memberRecord(person)));
}

/** A filter tells of everyone in its answer what it filters by. Asked of a member who is nobody, so that no rule about oneself counts. */
function mustReadOfEveryone(ctx: RequestContext, field: 'role' | 'state'): void {
  const nobody = { type: 'Member', attributes: { organizationId: ctx.principal.organizationId, id: '' } };
  if (!ctx.authz.can('read', nobody, field)) throw forbidden(`read Member.${field} of everyone`);
}
