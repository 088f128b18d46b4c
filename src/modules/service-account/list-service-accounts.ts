/** `serviceAccounts`: the service accounts of the organization by name, the deactivated ones included. */
import type { Page } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { granteePage } from '../member/grantee-page.js';
import type { ServiceAccountsArgs } from './service-account.inputs.js';
import { serviceAccountRecord } from './service-account.record.js';
import { ServiceAccount } from './service-account.type.js';

export function listServiceAccounts(ctx: RequestContext, args: ServiceAccountsArgs): Promise<Page<ServiceAccount>> {
  const filter = { search: args.search, state: args.state };
  return granteePage(
    ctx,
    'serviceAccounts',
    'SERVICE_ACCOUNT',
    filter,
    args,
    (account) => new ServiceAccount(serviceAccountRecord(account)),
  );
}
