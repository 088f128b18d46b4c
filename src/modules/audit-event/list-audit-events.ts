/** `auditEvents`: the organization's record, the latest first. */
import type { AuditBody } from '../../audit/audit-log.js';
import { badInput } from '../../errors.js';
import { type Page, type PageArguments, pageOf, readPageArguments } from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, readDirection } from '../../graphql/keyset.js';
import { isId } from '../../ids.js';
import { AuditEvent, type AuditEventFilter } from './audit-event.type.js';

const order = 'auditEvents';

/** @param managers who manages the key that the list is narrowed to; none for the whole organization's list. */
export async function listAuditEvents(
  ctx: RequestContext,
  args: PageArguments & { readonly filter?: AuditEventFilter | null },
  managers: readonly string[] = [],
): Promise<Page<AuditEvent>> {
  const filter = args.filter ?? {};
  const request = readPageArguments(args, order);
  const conditions: string[] = ['e.organization_id = ?'];
  const parameters: unknown[] = [ctx.principal.organizationId];
  const narrow = (condition: string, ...values: readonly unknown[]) => {
    conditions.push(condition);
    parameters.push(...values);
  };
  if (filter.types) {
    if (filter.types.length < 1 || filter.types.length > 50)
      throw badInput({ field: 'filter.types', message: 'must have 1 to 50 elements' });
    const unknown = filter.types.findIndex((type) => !/^[A-Za-z.]{1,64}$/.test(type));
    if (unknown >= 0) throw badInput({ field: `filter.types[${unknown}]`, message: 'is not a type of event' });
    narrow(`e.type IN (${filter.types.map(() => '?').join(', ')})`, ...filter.types);
  }
  for (const [field, column] of [
    ['actorId', 'actor_id'],
    ['subjectId', 'subject_id'],
  ] as const) {
    const id = filter[field];
    if (id === null || id === undefined) continue;
    if (!isId(id)) throw badInput({ field: `filter.${field}`, message: 'is not an id' });
    narrow(`e.${column} = ?`, id);
  }
  if (typeof filter.since === 'number') narrow('e.occurred_at >= ?', filter.since);
  if (typeof filter.until === 'number') narrow('e.occurred_at < ?', filter.until);

  const reading = readDirection('DESC', request);
  const place = after('e.sequence', 'e.sequence', reading, request.from);
  const where = conditions.join(' AND ');
  const rows = await ctx.database.query(
    `SELECT e.body, e.hash FROM audit_event e WHERE ${where}${place.sql} ORDER BY e.sequence ${reading} LIMIT ?`,
    [...parameters, ...place.parameters, request.size + 1],
  );
  return pageOf(
    rows.map((row) => ({ body: JSON.parse(String(row.body)) as AuditBody, hash: String(row.hash) })),
    request,
    order,
    ({ body }) => ({ value: body.sequence, id: body.sequence }),
    ({ body, hash }) => new AuditEvent(body, hash, managers),
    () => countUpToCap(ctx.database, { sql: `SELECT 1 FROM audit_event e WHERE ${where}`, parameters }),
  );
}
