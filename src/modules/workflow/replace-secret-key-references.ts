import { recordAudit } from '../../audit/audit-log.js';
import type { Decision } from '../../authz/index.js';
import { type Transaction, TryAgain } from '../../database/database.js';
import { badInput, notFound } from '../../errors.js';
import { actorOf, must, type RequestContext } from '../../graphql/context.js';
import { type Memory, write } from '../../graphql/write.js';
import type { OrganizationId, SecretKeyId, WorkflowId } from '../../ids.js';
import { holdMembership } from '../organization/membership.js';
import { readSecretKey } from '../secret-key/load-secret-key.js';
import { type SecretKeyRecord, secretKeySubject } from '../secret-key/secret-key.record.js';
import { holdKeys, mayUse } from './check-keys.js';
import { keysBehindOutputs, type NamedKey } from './keys-behind-outputs.js';
import { keysInSteps, withKeyReplaced } from './keys-in-steps.js';
import { mustFind, readVersion, readWorkflow } from './load-workflow.js';
import { outcomeOf } from './outcome.js';
import type { StepDefinition } from './step-definition.js';
import { stepsForAudit } from './steps-for-audit.js';
import { WorkflowEntity } from './workflow.entity.js';
import type { NotMovedReasonName } from './workflow.enums.js';
import type { ReplaceSecretKeyReferencesInput } from './workflow.inputs.js';
import { type WorkflowRecord, workflowSubject } from './workflow.record.js';
import type { ReplaceOutcome } from './workflow.type.js';
import { writeVersion } from './write-version.js';

/**
 * Puts one key in place of another in every workflow that the caller may edit. The caller becomes the editor of the steps that this
 * changes, so a workflow with a step that names a third key, or reads what one brings back, which they may not use, stays as it is.
 */
export async function replaceSecretKeyReferences(
  ctx: RequestContext,
  input: ReplaceSecretKeyReferencesInput,
): Promise<ReplaceOutcome> {
  return write(
    ctx,
    'replaceSecretKeyReferences',
    input,
    async (tx) => {
      const { organizationId } = ctx.principal;
      await holdMembership(tx, organizationId);
      const { from, to } = await readKeys(ctx, tx, input);
      const ids = await workflowsNaming(tx, from);
      const needed = new Set([from.id, to.id, ...(await keysOf(tx, organizationId, ids, from.id))]);
      const keys = await holdKeys(tx, organizationId, [...needed]);
      const target = keys.get(to.id);
      if (target === undefined) throw new TryAgain();
      const decision = must(ctx, 'use', secretKeySubject(target));

      const moved: Moved[] = [];
      const notMoved: { readonly workflow: WorkflowRecord; readonly reason: NotMovedReasonName }[] = [];
      let notVisibleCount = 0;
      for (const id of ids) {
        await tx.lock('SELECT id FROM workflow WHERE organization_id = ? AND id = ?', [organizationId, id]);
        const workflow = await readWorkflow(tx, organizationId, id);
        if (workflow === null) continue;
        if (!ctx.authz.can('read', workflowSubject(workflow))) {
          notVisibleCount += 1;
          continue;
        }
        const { steps } = await readVersion(tx, workflow);
        const changed = steps.filter((step) => names(step, from.id));
        const others = otherKeys(steps, from.id);
        // Somebody put another key into the steps after they were looked at, and before the workflow was locked.
        if (!others.every(({ secretKeyId }) => needed.has(secretKeyId))) throw new TryAgain();
        const editing = ctx.authz.decide('edit', workflowSubject(workflow));
        if (editing.effect === 'deny') notMoved.push({ workflow, reason: 'WORKFLOW_NOT_EDITABLE' });
        else if (!changed.every((step) => mayUse(ctx, target, step))) {
          notMoved.push({ workflow, reason: 'RAW_NOT_ALLOWED' });
        } else if (!others.every(({ secretKeyId, step }) => mayUse(ctx, keys.get(secretKeyId), step))) {
          notMoved.push({ workflow, reason: 'OTHER_SECRET_KEY_NOT_USABLE' });
        } else moved.push(await move(ctx, tx, workflow, { steps, from: from.id, to: to.id, decision: editing }));
      }
      await record(ctx, tx, { from, to, moved, decision });
      return {
        moved: moved.map(({ workflow }) => workflow).sort(byName),
        notMoved: notMoved.sort((a, b) => byName(a.workflow, b.workflow)),
        notVisibleCount,
      };
    },
    keptByIds(ctx),
  );
}

const byName = (a: WorkflowRecord, b: WorkflowRecord): number => (a.name < b.name ? -1 : 1);

interface Replacement {
  readonly from: SecretKeyRecord;
  readonly to: SecretKeyRecord;
}

/** `from` may be deleted: its references are what is to be mended. */
async function readKeys(
  ctx: RequestContext,
  tx: Transaction,
  input: ReplaceSecretKeyReferencesInput,
): Promise<Replacement> {
  const { organizationId } = ctx.principal;
  const seen = (key: SecretKeyRecord | null): SecretKeyRecord | null =>
    key !== null && ctx.authz.can('read', secretKeySubject(key)) ? key : null;
  const from =
    seen(await readSecretKey(tx, organizationId, input.from)) ??
    seen(await readSecretKey(tx, organizationId, input.from, 'DELETED'));
  const to = seen(await readSecretKey(tx, organizationId, input.to));
  if (from === null || to === null) throw notFound();
  must(ctx, 'use', secretKeySubject(to));
  if (from.id === to.id) throw badInput({ field: 'input.to', message: 'must be another key' });
  return { from, to };
}

/** In the order of their ids, in which whoever locks several workflows locks them. */
async function workflowsNaming(tx: Transaction, key: SecretKeyRecord): Promise<WorkflowId[]> {
  const rows = await tx.query(
    `SELECT DISTINCT workflow_id FROM secret_key_reference
     WHERE organization_id = ? AND secret_key_id = ? ORDER BY workflow_id`,
    [key.organizationId, key.id],
  );
  return rows.map(({ workflow_id }) => workflow_id as WorkflowId);
}

/** All other keys in and behind the steps that name `from`, to be locked before the workflows are. */
async function keysOf(
  tx: Transaction,
  organizationId: OrganizationId,
  ids: readonly WorkflowId[],
  from: SecretKeyId,
): Promise<SecretKeyId[]> {
  const keys: SecretKeyId[] = [];
  for (const id of ids) {
    const workflow = await readWorkflow(tx, organizationId, id);
    if (workflow === null) continue;
    const { steps } = await readVersion(tx, workflow);
    keys.push(...otherKeys(steps, from).map(({ secretKeyId }) => secretKeyId));
  }
  return keys;
}

const names = (step: StepDefinition, key: SecretKeyId): boolean =>
  keysInSteps([step]).some(({ secretKeyId }) => secretKeyId === key);

/** What the editor of the steps that name `from` answers for besides: the other keys in them, and those behind the outputs that they read. */
function otherKeys(steps: readonly StepDefinition[], from: SecretKeyId): NamedKey[] {
  const behind = keysBehindOutputs(steps);
  return steps
    .filter((step) => names(step, from))
    .flatMap((step): NamedKey[] => [
      ...keysInSteps([step]).map(({ secretKeyId }) => ({ secretKeyId, step })),
      ...(behind.get(step.id) ?? []),
    ])
    .filter(({ secretKeyId }) => secretKeyId !== from);
}

interface Moved {
  readonly workflow: WorkflowRecord;
  readonly steps: readonly StepDefinition[];
  readonly decision: Decision;
}

/** Changes the workflow, which is locked. */
async function move(
  ctx: RequestContext,
  tx: Transaction,
  workflow: WorkflowRecord,
  change: Omit<Moved, 'workflow'> & { readonly from: SecretKeyId; readonly to: SecretKeyId },
): Promise<Moved> {
  const { organizationId, id } = workflow;
  const { from, to, decision } = change;
  const editedById = ctx.principal.id;
  const steps = change.steps.map((step) =>
    names(step, from) ? { ...withKeyReplaced(step, from, to), editedById } : step,
  );
  const version = workflow.version + 1;
  const columns = { version, updatedAt: ctx.now, updatedById: editedById };
  await tx.manager.update(WorkflowEntity, { organizationId, id }, columns);
  const saved = { organizationId, workflowId: id, version, steps, savedById: editedById, savedAt: ctx.now };
  await writeVersion(tx, ctx.writer, saved);
  return { workflow: (await outcomeOf(ctx, tx, id)).workflow, steps, decision };
}

async function record(
  ctx: RequestContext,
  tx: Transaction,
  { from, to, moved, decision }: Replacement & { readonly moved: readonly Moved[]; readonly decision: Decision },
): Promise<void> {
  for (const { workflow, steps, decision: editing } of moved) {
    await recordAudit(tx, actorOf(ctx), {
      type: 'workflow.stepsChanged',
      subject: { type: 'Workflow', id: workflow.id, name: workflow.name },
      details: { version: workflow.version, ...stepsForAudit(steps), cause: 'secretKey.referencesReplaced' },
      decision: editing,
    });
  }
  if (moved.length === 0) return;
  await recordAudit(tx, actorOf(ctx), {
    type: 'secretKey.referencesReplaced',
    subject: { type: 'SecretKey', id: from.id, name: from.name },
    details: { by: { id: to.id, name: to.name }, workflowIds: moved.map(({ workflow }) => workflow.id) },
    decision,
  });
}

interface KeptIds {
  readonly moved: readonly WorkflowId[];
  readonly notMoved: readonly { readonly id: WorkflowId; readonly reason: NotMovedReasonName }[];
  readonly notVisibleCount: number;
}

/** A repeated request gets the workflows as they are now. Throws NOT_FOUND when one of them is gone or hidden. */
const keptByIds = (ctx: RequestContext): Memory<ReplaceOutcome, KeptIds> => ({
  keep: ({ moved, notMoved, notVisibleCount }) => ({
    moved: moved.map(({ id }) => id),
    notMoved: notMoved.map(({ workflow, reason }) => ({ id: workflow.id, reason })),
    notVisibleCount,
  }),
  recall: async (tx, { moved, notMoved, notVisibleCount }) => ({
    moved: await Promise.all(moved.map((id) => mustFind(ctx, tx, id))),
    notMoved: await Promise.all(
      notMoved.map(async ({ id, reason }) => ({ workflow: await mustFind(ctx, tx, id), reason })),
    ),
    notVisibleCount,
  }),
});
