/**
 * The way to a value: verify what the api signed, decide again that this run may use the key, write the use to the audit log, and only
 * then open. All but the last is one transaction; when it does not commit, nothing is opened.
 */
import { type AuditBody, recordAudit } from '../audit/audit-log.js';
import type { Authorizer, Decision, PolicySet } from '../authz/index.js';
import type { Database, Transaction } from '../database/database.js';
import type { GranteeId, SecretKeyId } from '../ids.js';
import { holdMembership } from '../modules/organization/membership.js';
import { OrganizationKeyEntity } from '../modules/organization/organization.entity.js';
import type { Placement, SecretUseKind } from '../modules/secret-key/secret-key.entity.js';
import { secretKeySubject } from '../modules/secret-key/secret-key.record.js';
import { actionsOfUse } from '../modules/workflow/actions-of-use.js';
import type { StepDefinition } from '../modules/workflow/step-definition.js';
import type { Principal } from '../principal.js';
import { type OpenedValue, openValue } from '../vault/open.js';
import type { WriterVerifier } from '../vault/sign.js';
import { keyUsesOf } from './key-uses.js';
import type { Keyring } from './keyring.js';
import { notVerified, RunFailure } from './run-failure.js';
import type { RunRecord } from './run-record.js';
import { type VerifiedKey, verifiedKey } from './verified-key.js';
import { verifiedPrincipal } from './verified-principal.js';
import type { VerifiedRun } from './verified-run.js';

/** A key that a step names, or whose answer it reads. */
export interface KeyUse {
  readonly secretKeyId: SecretKeyId;
  /** The step that names it. */
  readonly step: StepDefinition;
  /** Where it comes in, such as `headers[0].value`. */
  readonly field: string;
  /** The ways in which it is used there; its manager must have allowed each. Null for an answer that is read: nothing is opened. */
  readonly needs: readonly SecretUseKind[] | null;
}

/** A key with its value in the clear. Whoever gets it destroys the value. */
export interface OpenedKey {
  readonly id: SecretKeyId;
  readonly name: string;
  readonly value: OpenedValue;
  readonly allowedHosts: readonly string[];
  readonly allowsAnyHost: boolean;
  readonly placements: readonly Placement[];
  readonly uses: readonly SecretUseKind[];
}

export interface KeyAccess {
  readonly database: Database;
  readonly verifier: WriterVerifier;
  readonly keyring: Keyring;
  /** Those in force when a decision is made. */
  readonly policies: () => PolicySet;
  readonly clock: () => number;
  readonly logsDecisions: boolean;
}

/** How old the date of a key's last use may be before it is written again, in milliseconds. */
const lastUseGrain = 60_000;

/**
 * Opens the keys of a step. Throws a RunFailure when any of them, or of those whose answers it reads, may not be used, also when one was
 * used before: rights are those of this moment. A refusal is written to the audit log too.
 */
export async function openKeys(
  access: KeyAccess,
  record: RunRecord,
  run: VerifiedRun,
  step: StepDefinition,
): Promise<ReadonlyMap<SecretKeyId, OpenedKey>> {
  const uses = keyUsesOf(run.steps, step);
  if (uses.length === 0) return new Map();
  const verified = await permit(access, record, run, step, uses);
  const opened = new Map<SecretKeyId, OpenedKey>();
  try {
    for (const { key, sealed } of verified) {
      const value = await openSealed(access, sealed);
      opened.set(key.id, {
        id: key.id,
        name: key.name,
        value,
        allowedHosts: key.allowedHosts,
        allowsAnyHost: key.allowsAnyHost,
        placements: key.placements,
        uses: key.uses,
      });
    }
    return opened;
  } catch (error) {
    for (const { value } of opened.values()) value.destroy();
    throw error;
  }
}

async function permit(
  access: KeyAccess,
  record: RunRecord,
  run: VerifiedRun,
  step: StepDefinition,
  uses: readonly KeyUse[],
): Promise<VerifiedKey[]> {
  const { organizationId } = run;
  // In the order of their ids, so that two runs never wait for each other.
  const ids = [...new Set(uses.map(({ secretKeyId }) => secretKeyId))].sort();
  try {
    return await access.database.transaction(async (tx) => {
      await record.mustHold(tx);
      await holdMembership(tx, organizationId);
      const [starter, editor] = await usersOf(tx, access.verifier, run, step);
      const policies = access.policies();
      const users = [starter, editor].map((user) => user && policies.authorize(user));
      const permitted: { readonly verified: VerifiedKey; readonly decision: Decision }[] = [];
      for (const id of ids) {
        const verified = await verifiedKey(tx, access.verifier, organizationId, id);
        for (const use of uses.filter(({ secretKeyId }) => secretKeyId === id)) {
          const allowed = mustBeUsable(verified, use, users, access.clock());
          if (use.needs !== null && permitted.at(-1)?.verified !== verified) permitted.push(allowed);
        }
      }
      if (permitted.length === 0) return [];
      const now = access.clock();
      await mustNotHaveOpened(tx, run, step);
      await record.markSent(tx, step, now);
      if (mayHaveLeftTraces(run, step)) await record.markUnmasked(tx);
      for (const { verified } of permitted) await touch(tx, verified, now);
      for (const { verified, decision } of permitted) {
        await recordAudit(
          tx,
          { ...actorOf(run, starter, now), logsDecisions: access.logsDecisions },
          {
            type: 'secretKey.used',
            subject: { type: 'SecretKey', id: verified.key.id, name: verified.key.name },
            details: {
              ...placeOf(run, step),
              editedById: step.editedById,
              valueVersion: verified.key.valueVersion,
              isRaw: step.type === 'RUN_CODE' && verified.key.uses.includes('RAW'),
            },
            decision,
          },
        );
      }
      return permitted.map(({ verified }) => verified);
    });
  } catch (error) {
    if (error instanceof RunFailure && error.about.secretKeyId) await recordRefusal(access, run, step, error);
    throw error;
  }
}

/** What was opened once for a step of a run is never opened for it again, whatever the rows of the run say. */
async function mustNotHaveOpened(tx: Transaction, run: VerifiedRun, step: StepDefinition): Promise<void> {
  const records = await tx.query(
    "SELECT body FROM audit_event WHERE organization_id = ? AND run_id = ? AND type = 'secretKey.used'",
    [run.organizationId, run.id],
  );
  if (records.some(({ body }) => (JSON.parse(String(body)) as AuditBody).details.stepId === step.id))
    throw notVerified();
}

/** Whether there is something that the values of the step's keys could stand in: an input, or what earlier steps left. */
const mayHaveLeftTraces = ({ steps, input }: VerifiedRun, step: StepDefinition): boolean =>
  steps[0]?.id !== step.id || JSON.stringify(input) !== '{"input":{},"steps":{}}';

function mustBeUsable(
  verified: VerifiedKey | null,
  { secretKeyId, step, field, needs }: KeyUse,
  [starter, editor]: readonly (Authorizer | null | undefined)[],
  now: number,
): { readonly verified: VerifiedKey; readonly decision: Decision } {
  const about = { secretKeyId, field };
  if (verified === null)
    throw new RunFailure('SECRET_KEY_NOT_FOUND', 'A key of the step does not exist any more.', about);
  const { key, grants } = verified;
  const subject = secretKeySubject({
    organizationId: key.organizationId,
    accessLevel: key.accessLevel,
    createdBy:
      key.createdById === null ? null : { id: key.createdById, kind: 'PERSON', name: '', email: null, state: 'ACTIVE' },
    grants: grants.map(({ granteeId, permission }) => ({ grantee: { id: granteeId }, permission })),
  });
  const what = needs === null ? 'a key whose answer the step reads' : 'a key of the step';
  const decide = (authorizer: Authorizer | null | undefined, who: string): Decision => {
    const decision = authorizer?.decide('use', subject);
    if (decision?.effect !== 'allow') {
      throw new RunFailure('SECRET_KEY_NOT_ALLOWED', `${who} may not use ${what}.`, about);
    }
    if (!actionsOfUse(step, key).every((action) => authorizer?.can(action, subject))) {
      throw new RunFailure('SECRET_KEY_NOT_ALLOWED', `${who} may not have code get the value of ${what}.`, about);
    }
    return decision;
  };
  decide(editor, 'Whoever last edited the step');
  const decision = decide(starter, 'Whoever started the run');
  if (needs === null) return { verified, decision };
  if (key.expiresAt !== null && key.expiresAt <= now) {
    throw new RunFailure('SECRET_KEY_EXPIRED', 'A key of the step has expired.', about);
  }
  const missing = needs.find((use) => !key.uses.includes(use));
  if (missing !== undefined) {
    throw new RunFailure('SECRET_KEY_USE_NOT_ALLOWED', `A key of the step is not meant for ${missing}.`, about);
  }
  return { verified, decision };
}

/** Who started the run and who last edited the step; null for somebody who is not active any more. */
async function usersOf(
  tx: Transaction,
  verifier: WriterVerifier,
  run: VerifiedRun,
  step: StepDefinition,
): Promise<[Principal | null, Principal | null]> {
  const of = (id: GranteeId) => verifiedPrincipal(tx, verifier, run.organizationId, id);
  const starter = await of(run.startedById);
  return [starter, step.editedById === run.startedById ? starter : await of(step.editedById)];
}

async function openSealed(access: KeyAccess, sealed: VerifiedKey['sealed']): Promise<OpenedValue> {
  const { organizationId, organizationKeyNumber, secretKeyId } = sealed;
  const row = await access.database.read(OrganizationKeyEntity, { organizationId, number: organizationKeyNumber });
  if (row === null) throw notVerified(secretKeyId);
  try {
    const pair = access.keyring.organizationPair(row);
    try {
      return openValue(sealed, sealed.ciphertext, pair);
    } finally {
      pair.privateKey.fill(0);
    }
  } catch {
    throw notVerified(secretKeyId);
  }
}

async function touch(tx: Transaction, { key }: VerifiedKey, now: number): Promise<void> {
  if (key.lastUsedAt + lastUseGrain > now) return;
  for (const [table, id] of [
    ['secret_key', 'id'],
    ['secret_key_access', 'secret_key_id'],
  ]) {
    await tx.query(`UPDATE ${table} SET last_used_at = ? WHERE organization_id = ? AND ${id} = ?`, [
      now,
      key.organizationId,
      key.id,
    ]);
  }
}

async function recordRefusal(
  access: KeyAccess,
  run: VerifiedRun,
  step: StepDefinition,
  refusal: RunFailure,
): Promise<void> {
  const secretKeyId = refusal.about.secretKeyId;
  await access.database.transaction(async (tx) => {
    const [key] = await tx.query('SELECT name FROM secret_key WHERE organization_id = ? AND id = ?', [
      run.organizationId,
      secretKeyId,
    ]);
    const [starter] = await tx.query('SELECT id, kind, name FROM grantee WHERE organization_id = ? AND id = ?', [
      run.organizationId,
      run.startedById,
    ]);
    if (key === undefined || secretKeyId == null) return;
    await recordAudit(
      tx,
      actorOf(run, (starter as Pick<Principal, 'id' | 'kind' | 'name'> | undefined) ?? null, access.clock()),
      {
        type: 'secretKey.useRefused',
        subject: { type: 'SecretKey', id: secretKeyId, name: String(key.name) },
        details: { ...placeOf(run, step), code: refusal.code },
      },
    );
  });
}

const actorOf = (run: VerifiedRun, starter: Pick<Principal, 'id' | 'kind' | 'name'> | null, now: number) => ({
  organizationId: run.organizationId,
  principal: starter,
  requestId: run.id,
  now,
});

const placeOf = (run: VerifiedRun, step: StepDefinition) => ({
  runId: run.id,
  workflowId: run.workflowId,
  workflowVersion: run.workflowVersion,
  stepId: step.id,
  stepName: step.name,
});
