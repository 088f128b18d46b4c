/**
 * The way to a value: verify what the api signed, decide again that this run may use the key, write the use to the audit log, and only
 * then open. All but the last is one transaction; when it does not commit, nothing is opened.
 */
import { recordAudit } from '../audit/audit-log.js';
import type { Decision, PolicySet } from '../authz/index.js';
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
import type { Keyring } from './keyring.js';
import { notVerified, RunFailure } from './run-failure.js';
import type { RunRecord } from './run-record.js';
import { type VerifiedKey, verifiedKey } from './verified-key.js';
import { verifiedPrincipal } from './verified-principal.js';
import type { VerifiedRun } from './verified-run.js';

/** A key that a step names. */
export interface KeyUse {
  readonly secretKeyId: SecretKeyId;
  /** Where the step names it, such as `headers[0].value`. */
  readonly field: string;
  /** The ways in which it is used there; its manager must have allowed each. */
  readonly needs: readonly SecretUseKind[];
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
 * Opens the keys of a step. Throws a RunFailure when any of them may not be used, also when one was used before: rights are those of
 * this moment. A refusal is written to the audit log too.
 */
export async function openKeys(
  access: KeyAccess,
  record: RunRecord,
  run: VerifiedRun,
  step: StepDefinition,
  uses: readonly KeyUse[],
): Promise<ReadonlyMap<SecretKeyId, OpenedKey>> {
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
      const permitted: { readonly verified: VerifiedKey; readonly decision: Decision }[] = [];
      for (const id of ids) {
        const needed = uses.filter(({ secretKeyId }) => secretKeyId === id);
        const verified = await verifiedKey(tx, access.verifier, organizationId, id);
        permitted.push(mustBeUsable(access, step, verified, needed, starter, editor));
      }
      const now = access.clock();
      await record.markSent(tx, step, now);
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

function mustBeUsable(
  access: KeyAccess,
  step: StepDefinition,
  verified: VerifiedKey | null,
  needed: readonly KeyUse[],
  starter: Principal | null,
  editor: Principal | null,
): { readonly verified: VerifiedKey; readonly decision: Decision } {
  const [first] = needed;
  const about = { secretKeyId: first?.secretKeyId ?? null, field: first?.field ?? null };
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
  const policies = access.policies();
  const decide = (principal: Principal | null, who: string): Decision => {
    const authorizer = principal && policies.authorize(principal);
    const decision = authorizer?.decide('use', subject);
    if (decision?.effect !== 'allow') {
      throw new RunFailure('SECRET_KEY_NOT_ALLOWED', `${who} may not use a key of the step.`, about);
    }
    if (!actionsOfUse(step, key).every((action) => authorizer?.can(action, subject))) {
      throw new RunFailure('SECRET_KEY_NOT_ALLOWED', `${who} may not have code get the value of a key.`, about);
    }
    return decision;
  };
  decide(editor, 'Whoever last edited the step');
  const decision = decide(starter, 'Whoever started the run');
  if (key.expiresAt !== null && key.expiresAt <= access.clock()) {
    throw new RunFailure('SECRET_KEY_EXPIRED', 'A key of the step has expired.', about);
  }
  for (const { field, needs } of needed) {
    const missing = needs.find((use) => !key.uses.includes(use));
    if (missing === undefined) continue;
    throw new RunFailure('SECRET_KEY_USE_NOT_ALLOWED', `A key of the step is not meant for ${missing}.`, {
      ...about,
      field,
    });
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
