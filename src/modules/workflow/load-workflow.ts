/** Reads one workflow. Absent, deleted, hidden, of another organization and malformed ids all give the same answer. */
import type { Reading, Transaction } from '../../database/database.js';
import { notFound } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import { isId } from '../../ids.js';
import { workflowVersionDocument } from '../../vault/documents.js';
import { mustBeSigned } from '../../vault/signed-row.js';
import type { StepDefinition } from './step-definition.js';
import {
  type SignedWorkflowRecord,
  type WorkflowRecord,
  workflowColumns,
  workflowJoins,
  workflowRecord,
  workflowSubject,
} from './workflow.record.js';
import { mustBeSignedWorkflow } from './write-workflow.js';

/** The record, whoever asks; null when there is none. Throws an UnsignedRowError when it is not as the api signed it. */
export async function readWorkflow(
  ctx: RequestContext,
  source: Pick<Reading, 'query'>,
  id: string,
): Promise<SignedWorkflowRecord | null> {
  if (!isId(id)) return null;
  const [row] = await source.query(
    `SELECT ${workflowColumns}, w.signature FROM workflow w ${workflowJoins}
     WHERE w.organization_id = ? AND w.id = ? AND w.deleted_at IS NULL`,
    [ctx.principal.organizationId, id],
  );
  if (row === undefined) return null;
  const workflow = { ...workflowRecord(row), signature: row.signature as Uint8Array };
  mustBeSignedWorkflow(ctx.writer.verifier, workflow);
  return workflow;
}

/** The workflow as the caller may see it, or null. Locks nothing. */
export async function findWorkflow(
  ctx: RequestContext,
  source: Pick<Reading, 'query'>,
  id: string,
): Promise<SignedWorkflowRecord | null> {
  const workflow = await readWorkflow(ctx, source, id);
  return workflow !== null && ctx.authz.can('read', workflowSubject(workflow)) ? workflow : null;
}

/** The workflow, locked for the transaction: after every key, before the audit log. Throws NOT_FOUND unless the caller may see it. */
export async function loadWorkflow(ctx: RequestContext, tx: Transaction, id: string): Promise<SignedWorkflowRecord> {
  if (!isId(id)) throw notFound();
  await tx.lock('SELECT id FROM workflow WHERE organization_id = ? AND id = ?', [ctx.principal.organizationId, id]);
  return mustFind(ctx, tx, id);
}

/** The workflow, kept as it is until the transaction ends; others may hold it too. Throws NOT_FOUND unless the caller may see it. */
export async function holdWorkflow(ctx: RequestContext, tx: Transaction, id: string): Promise<SignedWorkflowRecord> {
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
): Promise<SignedWorkflowRecord> {
  const workflow = await findWorkflow(ctx, source, id);
  if (workflow === null) throw notFound();
  return workflow;
}

/** The steps of one version. Throws an UnsignedRowError when they are not what the api signed. */
export async function readVersion(
  ctx: RequestContext,
  source: Pick<Reading, 'query'>,
  { organizationId, id, version }: Pick<WorkflowRecord, 'organizationId' | 'id' | 'version'>,
): Promise<readonly StepDefinition[]> {
  const [row] = await source.query(
    'SELECT steps, signature FROM workflow_version WHERE organization_id = ? AND workflow_id = ? AND version = ?',
    [organizationId, id, version],
  );
  if (row === undefined) throw new Error('a workflow lacks one of its versions');
  const steps = String(row.steps);
  const document = workflowVersionDocument({ organizationId, workflowId: id, version, steps });
  const signature = row.signature as Uint8Array;
  mustBeSigned(ctx.writer.verifier, { table: 'workflow_version', id, document, signature });
  return JSON.parse(steps) as StepDefinition[];
}
