/** `deletedSecretKeys`: what the caller could restore, the latest deletion first. */
import { accessToSql } from '../../authz/index.js';
import { type Page, type PageArguments, pageOf, readPageArguments } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, orderBy, readDirection } from '../../graphql/keyset.js';
import { dayInMilliseconds } from './delete-secret-key.js';
import { creatorJoin, secretKeyColumns, secretKeyRecord } from './secret-key.record.js';
import { SecretKey } from './secret-key.type.js';

const order = 'deletedSecretKeys';

export async function listDeletedSecretKeys(ctx: RequestContext, args: PageArguments): Promise<Page<SecretKey>> {
  const request = readPageArguments(args, order);
  const policy = accessToSql(ctx.services.policies, 'SecretKey', ctx.authz.accessibleBy('restore', 'SecretKey'), 'k');
  const reading = readDirection('DESC', request);
  const place = after('k.deleted_at', 'k.id', reading, request.from);
  const from = `FROM secret_key k ${creatorJoin} WHERE k.organization_id = ? AND k.deleted_at > ? AND (${policy.sql})`;
  const since = ctx.now - ctx.services.retentionDays * dayInMilliseconds;
  const parameters = [ctx.principal.organizationId, since, ...policy.parameters];
  const rows = await ctx.database.query(
    `SELECT ${secretKeyColumns(ctx.database.dialect)} ${from}${place.sql} ORDER BY ${orderBy('k.deleted_at', 'k.id', reading)} LIMIT ?`,
    [...parameters, ...place.parameters, request.size + 1],
  );
  return pageOf(
    rows.map(secretKeyRecord),
    request,
    order,
    (record) => ({ value: record.deletedAt ?? 0, id: record.id }),
    (record) => new SecretKey(record),
    () => countUpToCap(ctx.database, { sql: `SELECT 1 ${from}`, parameters }),
  );
}
