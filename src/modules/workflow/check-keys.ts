/** What a step's keys are checked for when it is saved. The runner checks all of it again when the step runs. */
import type { Transaction } from '../../database/database.js';
import { ApiError, badInput, type FieldProblem } from '../../errors.js';
import type { RequestContext } from '../../graphql/context.js';
import type { OrganizationId, SecretKeyId } from '../../ids.js';
import { allowsUrl } from '../secret-key/allowed-host.js';
import { type KeyState, readSecretKey } from '../secret-key/load-secret-key.js';
import type { Placement, SecretUseKind } from '../secret-key/secret-key.entity.js';
import { type SecretKeyRecord, secretKeySubject } from '../secret-key/secret-key.record.js';
import { actionsOfUse } from './actions-of-use.js';
import type { NamedKey } from './keys-behind-outputs.js';
import type { StepDefinition } from './step-definition.js';
import type { KeyReference, OutputReference } from './step-reader.js';
import { literalUrl } from './url-places.js';
import type { WorkflowWarningCodeName } from './workflow.enums.js';

/** Plain data that survives JSON. */
export interface WorkflowWarning {
  readonly code: WorkflowWarningCodeName;
  /** The path of the field in the input. */
  readonly field: string;
  readonly secretKeyId: SecretKeyId | null;
}

const mostProblems = 20;

/** A reference to an output that a key brings back. */
export type KeyBehindReference = OutputReference & NamedKey;

/**
 * Refuses keys that the caller may not use, and tells what about the others will keep a run from using them.
 * @param references those of the steps that the caller answers for.
 * @param behind the keys behind the outputs that these steps read.
 */
export async function mustUseKeys(
  ctx: RequestContext,
  tx: Transaction,
  steps: readonly StepDefinition[],
  references: readonly KeyReference[],
  behind: readonly KeyBehindReference[] = [],
): Promise<WorkflowWarning[]> {
  const keys = await holdKeys(
    tx,
    ctx.principal.organizationId,
    [...references, ...behind].map(({ secretKeyId }) => secretKeyId),
  );
  const seen = (id: SecretKeyId): SecretKeyRecord | undefined => {
    const key = keys.get(id);
    return key && ctx.authz.can('read', secretKeySubject(key)) ? key : undefined;
  };
  const problemsOf = (refused: readonly Pick<KeyReference, 'field' | 'position'>[], message: string): FieldProblem[] =>
    refused
      .slice(0, mostProblems)
      .map(({ field, position }) => ({ field: field.path, message: `${position}: ${message}` }));

  const unseen = references.filter(({ secretKeyId }) => seen(secretKeyId) === undefined);
  if (unseen.length > 0) throw badInput(...problemsOf(unseen, 'refers to a key that is not there'));
  const unusable = references.filter(
    ({ secretKeyId, stepIndex }) => !mayUse(ctx, keys.get(secretKeyId), steps[stepIndex]),
  );
  if (unusable.length > 0) {
    throw new ApiError('FORBIDDEN', 'You are not allowed to use a key in these steps.', {
      fields: problemsOf(unusable, 'you are not allowed to use this key'),
    });
  }
  // A key that is hidden or gone gives the same answer as one that may not be used.
  const unreadable = behind.filter(({ secretKeyId, step }) => !mayUse(ctx, keys.get(secretKeyId), step));
  if (unreadable.length > 0) {
    throw new ApiError('FORBIDDEN', 'You are not allowed to use a key whose answer these steps read.', {
      fields: distinct(problemsOf(unreadable, 'reads what a key brings back that you are not allowed to use')),
    });
  }
  return distinct(
    references.flatMap((reference) => {
      const [key, step] = [keys.get(reference.secretKeyId), steps[reference.stepIndex]];
      return key && step ? warningsOf(reference, key, step, ctx.now) : [];
    }),
  );
}

/** Whether the caller may use the key in the step. A denial goes to the decision log, as that of every other use. */
export function mayUse(
  ctx: RequestContext,
  key: SecretKeyRecord | undefined,
  step: Pick<StepDefinition, 'type'> | undefined,
): boolean {
  if (key === undefined || step === undefined) return false;
  return actionsOfUse(step, key).every((action) => {
    const decision = ctx.authz.decide(action, secretKeySubject(key));
    if (decision.effect === 'deny') ctx.services.deniedDecisions?.add(decision, ctx.now);
    return decision.effect === 'allow';
  });
}

/** The keys that exist, by id, kept as they are until the transaction ends. Whoever locks several does it in the order of their ids. */
export async function holdKeys(
  tx: Transaction,
  organizationId: OrganizationId,
  ids: readonly SecretKeyId[],
  state: KeyState = 'ACTIVE',
): Promise<Map<SecretKeyId, SecretKeyRecord>> {
  const keys = new Map<SecretKeyId, SecretKeyRecord>();
  for (const id of [...new Set(ids)].sort()) {
    await tx.lockShared('SELECT id FROM secret_key WHERE organization_id = ? AND id = ?', [organizationId, id]);
    const key = await readSecretKey(tx, organizationId, id, state);
    if (key !== null) keys.set(id, key);
  }
  return keys;
}

function warningsOf(
  { field, secretKeyId }: KeyReference,
  key: SecretKeyRecord,
  step: StepDefinition,
  now: number,
): WorkflowWarning[] {
  const { uses, placements } = termsAsked(step, field.place);
  const codes: WorkflowWarningCodeName[] = [];
  if (!uses.every((use) => key.uses.includes(use))) codes.push('USE_NOT_ALLOWED');
  if (placements.length > 0 && !placements.some((one) => key.placements.includes(one)))
    codes.push('PLACEMENT_NOT_ALLOWED');
  const url = step.type === 'SEND_API_REQUEST' ? literalUrl(step.url) : null;
  if (url !== null && !allowsUrl(key, url)) codes.push('HOST_NOT_ALLOWED');
  if (key.expiresAt !== null && key.expiresAt <= now) codes.push('SECRET_KEY_EXPIRED');
  return codes.map((code) => ({ code, field: field.path, secretKeyId }));
}

/** What a key must allow to stand in a place: all of the uses, one of the placements. Where code puts a key is known when it runs. */
function termsAsked(
  step: StepDefinition,
  place: string,
): { readonly uses: readonly SecretUseKind[]; readonly placements: readonly Placement[] } {
  if (step.type === 'RUN_CODE') return { uses: ['RUN_CODE'], placements: [] };
  const placement: Placement = /^(url|query)/.test(place) ? 'QUERY' : place.startsWith('body') ? 'BODY' : 'HEADER';
  const uses: SecretUseKind[] = place.startsWith('basicAuth') ? [step.type, 'BASIC_AUTH'] : [step.type];
  return { uses, placements: [placement] };
}

function distinct<Plain>(all: readonly Plain[]): Plain[] {
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
