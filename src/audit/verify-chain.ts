/** Checks organizations' audit chains from the first record to the head, and names the first record that does not hold. */
import type { Database, Row } from '../database/database.js';
import { type AuditBody, genesisHash, hashBody, runIdOf } from './audit-log.js';

export type ChainReport =
  | { readonly organizationId: string; readonly isIntact: true; readonly records: number; readonly headHash: string }
  | { readonly organizationId: string; readonly isIntact: false; readonly sequence: number; readonly reason: string };

/** A statement of where a chain ended, taken earlier and kept outside of the database. */
export interface Checkpoint {
  readonly organizationId: string;
  readonly sequence: number;
  readonly hash: string;
}

const pageSize = 500;

export async function verifyChain(
  database: Pick<Database, 'query'>,
  organizationId: string,
  checkpoint?: Checkpoint,
): Promise<ChainReport> {
  const broken = (sequence: number, reason: string): ChainReport => ({
    organizationId,
    isIntact: false,
    sequence,
    reason,
  });
  // The head is read first: records that are appended meanwhile are beyond what is checked.
  const [head] = await database.query('SELECT sequence, hash FROM audit_head WHERE organization_id = ?', [
    organizationId,
  ]);
  if (head === undefined) return broken(0, 'the organization has no chain');
  const last = Number(head.sequence);
  let previousHash = genesisHash;
  for (let checked = 0; checked < last; ) {
    const rows = await database.query(
      'SELECT * FROM audit_event WHERE organization_id = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?',
      [organizationId, checked, last, pageSize],
    );
    if (rows.length === 0) return broken(checked + 1, 'the record is missing');
    for (const row of rows) {
      checked += 1;
      const flaw = flawOf(row, organizationId, checked, previousHash);
      if (flaw !== null) return broken(checked, flaw);
      previousHash = String(row.hash);
      if (checkpoint?.sequence === checked && checkpoint.hash !== previousHash) {
        return broken(checked, 'the record differs from the checkpoint');
      }
    }
  }
  if (previousHash !== head.hash) return broken(last, 'the head does not match the last record');
  if (checkpoint !== undefined && checkpoint.sequence > last)
    return broken(last + 1, 'the chain ends before the checkpoint');
  const [end] = await database.query(
    'SELECT h.sequence AS head, (SELECT MAX(e.sequence) FROM audit_event e WHERE e.organization_id = h.organization_id) AS newest FROM audit_head h WHERE h.organization_id = ?',
    [organizationId],
  );
  if (Number(end?.head) < last) return broken(last, 'the chain became shorter while it was checked');
  if (Number(end?.newest ?? 0) > Number(end?.head))
    return broken(Number(end?.head) + 1, 'the record is beyond the head');
  return { organizationId, isIntact: true, records: last, headHash: previousHash };
}

function flawOf(row: Row, organizationId: string, sequence: number, previousHash: string): string | null {
  if (Number(row.sequence) !== sequence) return 'the record is missing';
  const text = String(row.body);
  if (hashBody(text) !== row.hash) return 'the body does not match its hash';
  const body = parseBody(text);
  if (body === null) return 'the body is not a record';
  if (body.previousHash !== previousHash) return 'the record does not follow the one before it';
  const repeats =
    body.organizationId === organizationId &&
    body.sequence === sequence &&
    body.id === row.id &&
    body.occurredAt === Number(row.occurred_at) &&
    body.type === row.type &&
    (body.actor?.id ?? null) === row.actor_id &&
    body.subject?.id === row.subject_id &&
    runIdOf(body) === row.run_id;
  return repeats ? null : 'the columns differ from the body';
}

/** Null when the text is no JSON object: whoever can write a body can also write the hash that fits it. */
function parseBody(text: string): Partial<AuditBody> | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' ? body : null;
  } catch {
    return null;
  }
}
