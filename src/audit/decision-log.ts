/**
 * The decisions about what changes or uses something, each with what it was asked, so that `policy replay` can decide it again. An
 * allowed one is written in the transaction of the change, under the id of the audit record that tells of it. A log for policy
 * authors, not evidence: it is purged, and no chain protects it.
 */
import type { Decision, LoggedDecision, Question } from '../authz/index.js';
import type { Database, Row, Transaction } from '../database/database.js';
import type { OrganizationId } from '../ids.js';
import { DecisionLogEntity } from './decision-log.entity.js';

/** What of a question the columns do not hold. */
type Body = Pick<Question, 'principal' | 'field' | 'attributes'>;

/** Decisions that a transaction has written: several audit records may tell of one. */
const written = new WeakMap<Transaction, WeakSet<Decision>>();

/** @param id of the audit record */
export async function logDecision(tx: Transaction, id: string, now: number, decision: Decision): Promise<void> {
  const known = written.get(tx) ?? new WeakSet();
  written.set(tx, known);
  if (known.has(decision)) return;
  known.add(decision);
  await tx.manager.insert(DecisionLogEntity, decisionRow(id, now, decision));
}

export function decisionRow(id: string, now: number, decision: Decision) {
  const { action, subjectType, field, principal, attributes } = decision.question();
  const { effect, ruleId, policyVersion } = decision;
  const body: Body = { principal, field, attributes };
  return {
    organizationId: principal.organizationId,
    id,
    occurredAt: now,
    principalId: principal.id,
    action,
    subjectType,
    effect,
    ruleId,
    policyVersion,
    body: JSON.stringify(body),
  };
}

const pageSize = 2_000;

/** The logged decisions of all organizations, page by page: one organization after the other, each from the oldest on. */
export async function* readDecisions(database: Pick<Database, 'query'>): AsyncGenerator<readonly LoggedDecision[]> {
  for (const { id: organizationId } of await database.query('SELECT id FROM organization ORDER BY id')) {
    let last = '';
    for (;;) {
      const rows = await database.query(
        `SELECT id, occurred_at, action, subject_type, effect, rule_id, policy_version, body FROM decision_log
         WHERE organization_id = ? AND id > ? ORDER BY id LIMIT ?`,
        [organizationId, last, pageSize],
      );
      if (rows.length > 0) yield rows.map(decisionOf);
      if (rows.length < pageSize) break;
      last = String(rows.at(-1)?.id);
    }
  }
}

function decisionOf(row: Row): LoggedDecision {
  const { principal, field, attributes } = JSON.parse(String(row.body)) as Body;
  return {
    id: String(row.id),
    occurredAt: Number(row.occurred_at),
    effect: row.effect as LoggedDecision['effect'],
    ruleId: row.rule_id === null ? null : String(row.rule_id),
    policyVersion: String(row.policy_version),
    action: String(row.action),
    subjectType: String(row.subject_type),
    field,
    principal,
    attributes,
  };
}

export async function countDecisions(database: Pick<Database, 'query'>): Promise<number> {
  const [row] = await database.query('SELECT COUNT(*) AS decisions FROM decision_log');
  return Number(row?.decisions);
}

const dayInMilliseconds = 24 * 60 * 60 * 1000;
/** A transaction of this size is over soon enough for others not to wait. */
const purgedAtOnce = 1_000;

/** Erases the decisions that are older than the days, all of them for 0 days. Returns how many. Several processes may run it at once. */
export async function purgeDecisions(database: Database, days: number, now: number): Promise<number> {
  const before = now - days * dayInMilliseconds;
  let purged = 0;
  for (const { id } of await database.query('SELECT id FROM organization ORDER BY id')) {
    const organizationId = id as OrganizationId;
    for (;;) {
      const due = await database.query(
        'SELECT id FROM decision_log WHERE organization_id = ? AND occurred_at <= ? ORDER BY occurred_at, id LIMIT ?',
        [organizationId, before, purgedAtOnce],
      );
      if (due.length === 0) break;
      const ids = due.map((row) => String(row.id));
      await database.transaction((tx) =>
        tx.query(`DELETE FROM decision_log WHERE organization_id = ? AND id IN (${ids.map(() => '?').join(', ')})`, [
          organizationId,
          ...ids,
        ]),
      );
      purged += due.length;
    }
  }
  return purged;
}
