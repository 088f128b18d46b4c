/** Whoever started a run, decided again while it runs: a step without a key needs nobody's right to a key, and still acts for somebody. */
import { recordAudit } from '../audit/audit-log.js';
import type { Transaction } from '../database/database.js';
import type { GranteeId } from '../ids.js';
import { holdMembership } from '../modules/organization/membership.js';
import { auditSubjectOf } from '../modules/run/audit-subject.js';
import type { Principal } from '../principal.js';
import { RunFailure } from './run-failure.js';
import type { KeyAccess } from './use-keys.js';
import { verifiedPrincipal } from './verified-principal.js';
import type { VerifiedRun } from './verified-run.js';

/** Throws RUN_NOT_ALLOWED unless they are active and may run the workflow; a step that was tested for none counts as their own. */
export async function starterMustMayRun(access: KeyAccess, tx: Transaction, run: VerifiedRun): Promise<void> {
  const { organizationId, startedById } = run;
  await holdMembership(tx, organizationId);
  const starter = await verifiedPrincipal(tx, access.verifier, organizationId, startedById);
  const attributes = { organizationId, createdById: await creatorOf(tx, run) };
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

async function creatorOf(tx: Transaction, run: VerifiedRun): Promise<GranteeId | null> {
  if (run.workflowId === null) return run.startedById;
  const [row] = await tx.query('SELECT created_by_id FROM workflow WHERE organization_id = ? AND id = ?', [
    run.organizationId,
    run.workflowId,
  ]);
  return (row?.created_by_id as GranteeId | null | undefined) ?? null;
}
