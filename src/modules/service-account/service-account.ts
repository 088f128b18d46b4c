import type { RequestContext } from '../../graphql/context.js';
import { findGrantee } from '../member/grantee-row.js';
import { serviceAccountRecord, serviceAccountSubject } from './service-account.record.js';
import { ServiceAccount } from './service-account.type.js';

/** One service account, or null when it is absent or hidden. */
export async function serviceAccount(ctx: RequestContext, id: string): Promise<ServiceAccount | null> {
  const found = await findGrantee(ctx, 'SERVICE_ACCOUNT', id);
  return found !== null && ctx.authz.can('read', serviceAccountSubject(found))
    ? new ServiceAccount(serviceAccountRecord(found))
    : null;
}
