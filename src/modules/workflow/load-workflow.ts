/** Reads one workflow. Absent, deleted, hidden, of another organization and malformed ids all give the same answer. */
import type { Reading, Transaction } from '../../database/database.js';
import { notFound } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { isId, type OrganizationId, type WorkflowId } from '../../ids.js';
import type { StepDefinition } from './step-definition.js';
import {
  type WorkflowRecord,
  workflowColumns,
  workflowJoins,
  workflowRecord,
  workflowSubject,
} from './workflow.record.js';

/** The record, whoever asks; null when there is none. */
export async function readWorkflow(
  source: Pick<Reading, 'query'>,
  organizationId: OrganizationId,
  id: string,
): Promise<WorkflowRecord | null> {
  if (!isId(id)) return null;
  const [row] = await source.query(
    `SELECT ${workflowColumns} FROM workflow w ${workflowJoins}
     WHERE w.organization_id = ? AND w.id = ? AND w.deleted_at IS NULL`,
    [organizationId, id],
  );
  return row === undefined ? null : workflowRecord(row);
}

/** The workflow as the caller may see it, or null. Locks nothing. */
export async function findWorkflow(
  ctx: RequestContext,
  source: Pick<Reading, 'query'>,
  id: string,
): Promise<WorkflowRecord | null> {
  const workflow = await readWorkflow(source, ctx.principal.organizationId, id);
  return workflow !== null && ctx.authz.can('read', workflowSubject(workflow)) ? workflow : null;
}

/** The workflow, locked for the transaction: after every key, before the audit log. Throws NOT_FOUND unless the caller may see it. */
export async function loadWorkflow(ctx: RequestContext, tx: Transaction, id: string): Promise<WorkflowRecord> {
  if (!isId(id)) throw notFound();
  await tx.lock('SELECT id FROM workflow WHERE organization_id = ? AND id = ?', [ctx.principal.organizationId, id]);
  return mustFind(ctx, tx, id);
}

/** The workflow, kept as it is until the transaction ends; others may hold it too. Throws NOT_FOUND unless the caller may see it. */
export async function holdWorkflow(ctx: RequestContext, tx: Transaction, id: string): Promise<WorkflowRecord> {
  if (!isId(id)) throw notFound();
  await tx.lockShared('SELECT id FROM workflow WHERE organization_id = ? AND id = ?', [
    ctx.principal.organizationId,
    id,
  ]);
  return mustFind(ctx, tx, id);
}

/** The workflow without a lock. Throws NOT_FOUND unless the caller may see it. */
export async function mustFind(
  ctx: RequestContext,
  source: Pick<Reading, 'query'>,
  id: string,
): Promise<WorkflowRecord> {
  const workflow = await findWorkflow(ctx, source, id);
  if (workflow === null) throw notFound();
  return workflow;
}

/** The steps of one version, and the exact text that was signed. */
export async function readVersion(
  source: Pick<Reading, 'query'>,
  {
    organizationId,
    id,
    version,
  }: { readonly organizationId: OrganizationId; readonly id: WorkflowId; readonly version: number },
): Promise<{ readonly steps: readonly StepDefinition[]; readonly text: string }> {
  const [row] = await source.query(
    'SELECT steps FROM workflow_version WHERE organization_id = ? AND workflow_id = ? AND version = ?',
    [organizationId, id, version],
  );
  if (row === undefined) throw new Error('a workflow lacks one of its versions');
  const text = String(row.steps);
  return { steps: JSON.parse(text) as StepDefinition[], text };
}
