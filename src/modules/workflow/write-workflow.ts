/** Writes workflows but for their steps, signed on top of what was signed before: which version runs, and whether it can be run. */
import type { Transaction } from '../../database/database.js';
import { workflowDocument } from '../../vault/documents.js';
import type { Verifier } from '../../vault/sign.js';
import { mustBeSigned } from '../../vault/signed-row.js';
import type { Writer } from '../../vault/writer.js';
import { WorkflowEntity } from './workflow.entity.js';
import type { SignedWorkflowRecord } from './workflow.record.js';

type Head = Pick<WorkflowEntity, 'organizationId' | 'id' | 'createdById' | 'version' | 'state' | 'deletedAt'>;

/** What the api signs of a workflow. */
export const headDocument = ({ id, ...head }: Head): Uint8Array => workflowDocument({ ...head, workflowId: id });

/** A workflow is read while it is not deleted. */
const headOf = (workflow: SignedWorkflowRecord): Head => ({
  ...workflow,
  createdById: workflow.createdBy?.id ?? null,
  deletedAt: null,
});

/** Throws an UnsignedRowError when the workflow is not as the api signed it. */
export function mustBeSignedWorkflow(verifier: Verifier, workflow: SignedWorkflowRecord): void {
  const { id, signature } = workflow;
  mustBeSigned(verifier, { table: 'workflow', id, document: headDocument(headOf(workflow)), signature });
}

export async function insertWorkflow(
  tx: Transaction,
  writer: Writer,
  workflow: Omit<WorkflowEntity, 'signature'>,
): Promise<void> {
  await tx.manager.insert(WorkflowEntity, { ...workflow, signature: writer.signer.sign(headDocument(workflow)) });
}

/** Applies a change to a workflow that is locked. Throws an UnsignedRowError when it is not as the api signed it. */
export async function changeWorkflow(
  tx: Transaction,
  writer: Writer,
  workflow: SignedWorkflowRecord,
  change: Partial<Pick<WorkflowEntity, 'version' | 'state' | 'deletedAt' | 'nameKey'>> &
    Pick<WorkflowEntity, 'updatedAt' | 'updatedById'>,
): Promise<void> {
  mustBeSignedWorkflow(writer.verifier, workflow);
  const { organizationId, id } = workflow;
  const signature = writer.signer.sign(headDocument({ ...headOf(workflow), ...change }));
  await tx.manager.update(WorkflowEntity, { organizationId, id }, { ...change, signature });
}
