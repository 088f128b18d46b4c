/**
 * The append-only record: one hash chain per organization. A record's body is the exact text that its hash covers, and names the
 * hash before it, so a record that is changed, removed or put in later breaks the chain at that place.
 */
import { createHash } from 'node:crypto';
import type { Decision } from '../authz/index.js';
import type { Transaction } from '../database/database.js';
import { newId, type OrganizationId } from '../ids.js';
import type { Principal } from '../principal.js';
import { AuditEventEntity, AuditHeadEntity } from './audit.entity.js';
import { logDecision } from './decision-log.js';

export const subjectTypes = [
  'SecretKey',
  'Member',
  'Group',
  'ServiceAccount',
  'CustomRole',
  'Organization',
  'Workflow',
  'WorkflowRun',
] as const;
export type AuditSubjectType = (typeof subjectTypes)[number];

/** What happened. `details` never holds a value; the names in it are as they were then. */
export interface AuditEntry {
  readonly type: string;
  readonly subject: { readonly type: AuditSubjectType; readonly id: string; readonly name: string };
  readonly details?: Readonly<Record<string, unknown>>;
  readonly decision?: Decision;
}

export interface AuditActor {
  readonly organizationId: OrganizationId;
  /** Null when the system acts by itself, such as for a purge. */
  readonly principal: Pick<Principal, 'id' | 'kind' | 'name'> | null;
  readonly requestId: string;
  readonly now: number;
  /** False where the operator has switched the decision log off. */
  readonly logsDecisions?: boolean;
}

/** The body of a record, as stored. */
export interface AuditBody {
  readonly version: 1;
  readonly organizationId: string;
  readonly sequence: number;
  readonly previousHash: string;
  readonly id: string;
  readonly occurredAt: number;
  readonly type: string;
  readonly actor: { readonly id: string; readonly kind: string; readonly name: string } | null;
  readonly subject: AuditEntry['subject'];
  readonly details: Readonly<Record<string, unknown>>;
  readonly decision: { readonly ruleId: string | null; readonly policyVersion: string } | null;
  readonly requestId: string;
}

/** The run that a record tells of, if it tells of one. */
export const runIdOf = ({ details }: Partial<Pick<AuditBody, 'details'>>): string | null =>
  typeof details?.runId === 'string' ? details.runId : null;

/** The hash before an organization's first record. */
export const genesisHash = '0'.repeat(64);

export const hashBody = (body: string): string => createHash('sha256').update(body, 'utf8').digest('hex');

/** Gives an organization its chain. Part of making the organization. */
export async function beginChain(tx: Transaction, organizationId: OrganizationId): Promise<void> {
  await tx.manager.insert(AuditHeadEntity, { organizationId, sequence: 0, hash: genesisHash });
}

/**
 * Appends one record in the transaction of the change that it tells of, and writes its decision to the decision log. Call it last:
 * it locks the end of the chain.
 */
export async function recordAudit(tx: Transaction, actor: AuditActor, entry: AuditEntry): Promise<void> {
  const { organizationId } = actor;
  const id = newId(actor.now);
  if (entry.decision && actor.logsDecisions !== false) await logDecision(tx, id, actor.now, entry.decision);
  const [head] = await tx.lock('SELECT sequence, hash FROM audit_head WHERE organization_id = ?', [organizationId]);
  if (head === undefined) throw new Error('the organization has no audit chain');
  const sequence = Number(head.sequence) + 1;
  const body: AuditBody = {
    version: 1,
    organizationId,
    sequence,
    previousHash: String(head.hash),
    id,
    occurredAt: actor.now,
    type: entry.type,
    actor: actor.principal && { id: actor.principal.id, kind: actor.principal.kind, name: actor.principal.name },
    subject: { type: entry.subject.type, id: entry.subject.id, name: entry.subject.name },
    details: entry.details ?? {},
    decision: entry.decision ? { ruleId: entry.decision.ruleId, policyVersion: entry.decision.policyVersion } : null,
    requestId: actor.requestId,
  };
  const text = JSON.stringify(body);
  const hash = hashBody(text);
  await tx.manager.insert(AuditEventEntity, {
    organizationId,
    sequence,
    id: body.id,
    occurredAt: body.occurredAt,
    type: body.type,
    actorId: body.actor?.id ?? null,
    subjectId: body.subject.id,
    runId: runIdOf(body),
    body: text,
    hash,
  });
  await tx.manager.update(AuditHeadEntity, { organizationId }, { sequence, hash });
}
