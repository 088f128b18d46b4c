import type { Page, PageArguments } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import type { AuditEvent } from '../audit-event/audit-event.type.js';
import { listAuditEvents } from '../audit-event/list-audit-events.js';
import type { SecretKey } from './secret-key.type.js';

/** The history of one key. Its managers may read the records about it, and no others. */
export function secretKeyAuditEvents(
  ctx: RequestContext,
  key: SecretKey,
  args: PageArguments,
): Promise<Page<AuditEvent>> {
  const managers = key.record.grants
    .filter(({ permission }) => permission === 'MANAGE')
    .map(({ grantee }) => grantee.id);
  return listAuditEvents(ctx, { ...args, filter: { subjectId: key.id } }, managers);
}
