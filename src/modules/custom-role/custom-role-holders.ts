/** `CustomRole.holders`: who has a custom role, by name, the deactivated ones included. */
import { type Page, type PageArguments, pageOf, readPageArguments } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { placeByName } from '../member/grantee-page.js';
import { Grantee } from '../organization/grantee.type.js';
import type { CustomRole } from './custom-role.type.js';

const order = 'customRoleHolders';

export async function customRoleHolders(
  ctx: RequestContext,
  { record }: CustomRole,
  args: PageArguments,
): Promise<Page<Grantee>> {
  const request = readPageArguments(args, order);
  const rows = await ctx.loaders.holdersOfCustomRole.load({ id: record.id, request });
  return pageOf(
    rows,
    request,
    order,
    placeByName,
    (holder) => new Grantee(record.organizationId, holder),
    () => ctx.loaders.holderCountOfCustomRole.load(record.id),
  );
}
