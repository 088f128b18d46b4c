/** Reads one run. Absent, of another organization and malformed ids all give the same answer. */
import type { Reading, Transaction } from '../../database/database.js';
import { notFound } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { isId, type OrganizationId } from '../../ids.js';
import { type RunRecord, runColumns, runRecord, runSubject, workflowJoin } from './run.record.js';

/** The record, whoever asks. */
export async function readRun(
  source: Pick<Reading, 'query'>,
  organizationId: OrganizationId,
  id: string,
): Promise<RunRecord | null> {
  if (!isId(id)) return null;
  const [row] = await source.query(
    `SELECT ${runColumns} FROM workflow_run r ${workflowJoin} WHERE r.organization_id = ? AND r.id = ?`,
    [organizationId, id],
  );
  return row === undefined ? null : runRecord(row);
}

/** The run as the caller may see it, or null. */
export async function findRun(ctx: RequestContext, id: string): Promise<RunRecord | null> {
  const run = await readRun(ctx.database, ctx.principal.organizationId, id);
  return run !== null && ctx.authz.can('read', runSubject(run)) ? run : null;
}

/** The run, locked for the transaction. Throws NOT_FOUND unless the caller may see it. */
export async function loadRun(ctx: RequestContext, tx: Transaction, id: string): Promise<RunRecord> {
  if (!isId(id)) throw notFound();
  const { organizationId } = ctx.principal;
  await tx.lock('SELECT id FROM workflow_run WHERE organization_id = ? AND id = ?', [organizationId, id]);
  const run = await readRun(tx, organizationId, id);
  if (run === null || !ctx.authz.can('read', runSubject(run))) throw notFound();
  return run;
}

/** The record after a write of the same transaction. */
export async function reloadRun(tx: Transaction, run: Pick<RunRecord, 'organizationId' | 'id'>): Promise<RunRecord> {
  const record = await readRun(tx, run.organizationId, run.id);
  if (record === null) throw new Error('the run vanished within its own transaction');
  return record;
}
