/**
 * Writes the steps of a workflow: a version of its own, signed over the exact text, and where it names keys. Both are written here and
 * nowhere else, so that they cannot differ.
 */
import type { Transaction } from '../../database/database.js';
import type { GranteeId, OrganizationId, WorkflowId } from '../../ids.js';
import { workflowVersionDocument } from '../../vault/documents.js';
import type { Writer } from '../../vault/writer.js';
import { keysInSteps } from './keys-in-steps.js';
import { SecretKeyReferenceEntity } from './secret-key-reference.entity.js';
import type { StepDefinition } from './step-definition.js';
import { WorkflowVersionEntity } from './workflow.entity.js';

export async function writeVersion(
  tx: Transaction,
  writer: Writer,
  saved: {
    readonly organizationId: OrganizationId;
    readonly workflowId: WorkflowId;
    readonly version: number;
    readonly steps: readonly StepDefinition[];
    readonly savedById: GranteeId;
    readonly savedAt: number;
  },
): Promise<void> {
  const { organizationId, workflowId, version, savedById, savedAt } = saved;
  const steps = JSON.stringify(saved.steps);
  const signature = writer.signer.sign(workflowVersionDocument({ organizationId, workflowId, version, steps }));
  const row = { organizationId, workflowId, version, steps, savedById, savedAt, signature };
  await tx.manager.insert(WorkflowVersionEntity, row);
  await removeReferences(tx, saved);
  const references = keysInSteps(saved.steps).map((key) => ({ organizationId, workflowId, ...key }));
  // SQLite takes 32,766 parameters in a statement, and a save may name keys in more places than that allows for.
  for (let at = 0; at < references.length; at += mostAtOnce) {
    await tx.manager.insert(SecretKeyReferenceEntity, references.slice(at, at + mostAtOnce));
  }
}

const mostAtOnce = 1_000;

export async function removeReferences(
  tx: Transaction,
  { organizationId, workflowId }: { readonly organizationId: OrganizationId; readonly workflowId: WorkflowId },
): Promise<void> {
  await tx.manager.delete(SecretKeyReferenceEntity, { organizationId, workflowId });
}
