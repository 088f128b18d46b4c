/** Whoever started a run, decided again while it runs: a step without a key needs nobody's right to a key, and still acts for somebody. */
import { recordAudit } from '../audit/audit-log.js';
import type { Transaction } from '../database/database.js';
import type { GranteeId } from '../ids.js';
import { holdMembership } from '../modules/organization/membership.js';
import { auditSubjectOf } from '../modules/run/audit-subject.js';
import { WorkflowEntity } from '../modules/workflow/workflow.entity.js';
import { headDocument } from '../modules/workflow/write-workflow.js';
import type { Principal } from '../principal.js';
import { mustBeSigned, UnsignedRowError } from '../vault/signed-row.js';
import { cancelled, RunFailure } from './run-failure.js';
import type { KeyAccess } from './use-keys.js';
import { verifiedPrincipal } from './verified-principal.js';
import type { VerifiedRun } from './verified-run.js';

/**
 * Throws RUN_NOT_ALLOWED unless they are active and may run the workflow; a step that was tested for none counts as their own. Throws an
 * UnsignedRowError when they, or the workflow, are not as the api signed them.
 */
export async function starterMustMayRun(access: KeyAccess, tx: Transaction, run: VerifiedRun): Promise<void> {
  const { organizationId, startedById } = run;
  await holdMembership(tx, organizationId);
  const starter = await verifiedPrincipal(tx, access.verifier, organizationId, startedById);
  const attributes = { organizationId, createdById: await creatorOf(access, tx, run) };
  if (starter !== null && access.policies().authorize(starter).can('run', { type: 'Workflow', attributes })) return;
  throw new RunFailure(
    'RUN_NOT_ALLOWED',
    'Whoever started the run is not active any more, or may not run it any more.',
  );
}

export async function recordRunRefusal(access: KeyAccess, run: VerifiedRun): Promise<void> {
  const { organizationId, id, startedById, workflowVersion } = run;
  await access.database.transaction(async (tx) => {
    const [starter] = await tx.query('SELECT id, kind, name FROM grantee WHERE organization_id = ? AND id = ?', [
      organizationId,
      startedById,
    ]);
    const principal = (starter as Pick<Principal, 'id' | 'kind' | 'name'> | undefined) ?? null;
    await recordAudit(
      tx,
      { organizationId, principal, requestId: id, now: access.clock() },
      {
        type: 'workflow.runRefused',
        subject: await auditSubjectOf(tx, run),
        details: { runId: id, version: workflowVersion, code: 'RUN_NOT_ALLOWED' },
      },
    );
  });
}

/** Throws CANCELLED when the workflow was deleted, whether or not its runs say so. */
async function creatorOf(access: KeyAccess, tx: Transaction, run: VerifiedRun): Promise<GranteeId | null> {
  const { organizationId, workflowId } = run;
  if (workflowId === null) return run.startedById;
  const workflow = await tx.manager.findOneBy(WorkflowEntity, { organizationId, id: workflowId });
  if (workflow === null) throw new UnsignedRowError('workflow', workflowId);
  const { signature } = workflow;
  mustBeSigned(access.verifier, { table: 'workflow', id: workflowId, document: headDocument(workflow), signature });
  if (workflow.deletedAt !== null) throw cancelled();
  return workflow.createdById;
}
