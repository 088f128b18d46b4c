import type { AuditEntry } from '../../audit/audit-log.js';
import type { Reading } from '../../database/database.js';
import type { RunRecord } from './run.record.js';

/** What an audit record about a run names: its workflow, be it deleted since; the run itself when it is in none. */
export async function auditSubjectOf(
  source: Pick<Reading, 'query'>,
  run: Pick<RunRecord, 'organizationId' | 'id' | 'workflowId'>,
): Promise<AuditEntry['subject']> {
  if (run.workflowId === null) return { type: 'WorkflowRun', id: run.id, name: 'Test of a step' };
  const [row] = await source.query('SELECT name FROM workflow WHERE organization_id = ? AND id = ?', [
    run.organizationId,
    run.workflowId,
  ]);
  return { type: 'Workflow', id: run.workflowId, name: String(row?.name) };
}
