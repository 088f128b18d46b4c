/** The workflows that name a key, as those who manage the key ask for them: where it is used, and what would stop. */

import type { PolicySubject } from '../../authz/index.js';
import { accessToSql } from '../../authz/index.js';
import { parseJson } from '../../database/columns.js';
import type { Reading } from '../../database/database.js';
import { jsonList } from '../../database/dialect.js';
import { ApiError, badInput } from '../../errors.js';
import {
  type CursorPlace,
  type Page,
  type PageArguments,
  pageOf,
  readPageArguments,
} from '../../graphql/connection.js';
import type { RequestContext } from '../../graphql/context.js';
import { after, countUpToCap, orderBy, readDirection } from '../../graphql/keyset.js';
import { type GranteeId, isId, type StepId } from '../../ids.js';
import type { Principal } from '../../principal.js';
import type { SecretKeyRecord } from '../secret-key/secret-key.record.js';
import { actionsOfUse } from './actions-of-use.js';
import { keysInSteps } from './keys-in-steps.js';
import type { StepDefinition } from './step-definition.js';
import {
  type WorkflowRecord,
  workflowColumns,
  workflowJoins,
  workflowRecord,
  workflowSubject,
} from './workflow.record.js';

export interface SecretKeyReferenceRecord {
  readonly workflow: WorkflowRecord;
  readonly stepId: StepId;
  readonly places: readonly string[];
}

type KeyId = Pick<SecretKeyRecord, 'organizationId' | 'id'>;
type UsedKey = KeyId & Pick<SecretKeyRecord, 'uses'>;

/** The steps that name the key, of workflows that the caller may see, in the order of the workflows' creation. */
export async function listReferences(
  ctx: RequestContext,
  key: KeyId,
  args: PageArguments,
): Promise<Page<SecretKeyReferenceRecord>> {
  const order = `references/${key.id}`;
  const request = readPageArguments(args, order);
  if (request.from !== null && !isId(String(request.from.value))) {
    const field = args.after ? 'after' : 'before';
    throw badInput({ field, message: 'is not a cursor of this list in this order' });
  }
  const reading = readDirection('ASC', request);
  const place = after('r.workflow_id', 'r.step_id', reading, request.from);
  const policy = accessToSql(ctx.services.policies, 'Workflow', ctx.authz.accessibleBy('read', 'Workflow'), 'w');
  const from = `FROM secret_key_reference r
    JOIN workflow w ON w.organization_id = r.organization_id AND w.id = r.workflow_id`;
  const where = `WHERE r.organization_id = ? AND r.secret_key_id = ? AND (${policy.sql})`;
  const parameters = [key.organizationId, key.id, ...policy.parameters];
  const rows = await ctx.database.query(
    `SELECT r.workflow_id, r.step_id, ${jsonList(ctx.database.dialect, 'r.place')} AS places ${from} ${where}${place.sql}
     GROUP BY r.workflow_id, r.step_id ORDER BY ${orderBy('r.workflow_id', 'r.step_id', reading)} LIMIT ?`,
    [...parameters, ...place.parameters, request.size + 1],
  );
  const workflows = await ctx.loaders.workflows.loadMany([...new Set(rows.map((row) => String(row.workflow_id)))]);
  const byId = new Map(
    workflows.flatMap((workflow) =>
      workflow === null || workflow instanceof Error ? [] : [[workflow.id as string, workflow]],
    ),
  );
  return pageOf(
    rows.filter((row) => byId.has(String(row.workflow_id))),
    request,
    order,
    (row): CursorPlace => ({ value: String(row.workflow_id), id: String(row.step_id) }),
    (row) => ({
      workflow: byId.get(String(row.workflow_id)) as WorkflowRecord,
      stepId: row.step_id as StepId,
      places: (parseJson(row.places) as string[]).sort(),
    }),
    () =>
      countUpToCap(ctx.database, {
        sql: `SELECT 1 ${from} ${where} GROUP BY r.workflow_id, r.step_id`,
        parameters,
      }),
  );
}

/** How many of the workflows that hold a key back are told by name. */
const mostNamed = 20;

/**
 * Throws SECRET_KEY_IN_USE while a workflow names the key: with the workflows that the caller may see, their number, and the number of
 * those that they may not.
 */
export async function mustNotBeReferenced(ctx: RequestContext, reading: Reading, key: KeyId): Promise<void> {
  const all = await referringWorkflows(reading, key);
  if (all.length === 0) return;
  const visible = all.filter((workflow) => ctx.authz.can('read', workflowSubject(workflow)));
  throw new ApiError('SECRET_KEY_IN_USE', 'Workflows refer to the key. Deleting it would break them.', {
    workflows: visible.slice(0, mostNamed).map(({ id, name }) => ({ id, name })),
    workflowCount: visible.length,
    notVisibleWorkflowCount: all.length - visible.length,
  });
}

export interface WorkflowStopRecord {
  readonly workflow: WorkflowRecord;
  /** The first step that would not run. */
  readonly step: StepDefinition;
  readonly editedBy: Principal;
}

/** The active workflows with a step whose editor may use the key before a change and not after it. */
export async function workflowsThatStop(
  ctx: RequestContext,
  reading: Reading,
  key: UsedKey,
  change: { readonly before: PolicySubject; readonly after: PolicySubject },
  principals: readonly Principal[],
): Promise<WorkflowStopRecord[]> {
  const workflows = (await referringWorkflows(reading, key)).filter(({ state }) => state === 'ACTIVE');
  if (workflows.length === 0) return [];
  const byId = new Map<GranteeId, Principal>(principals.map((principal) => [principal.id, principal]));
  const steps = await ctx.loaders.stepsOfWorkflow.loadMany(workflows.map(({ id }) => id));
  return workflows.flatMap((workflow, index) => {
    const defined = steps[index];
    if (defined === undefined || defined instanceof Error) return [];
    for (const step of defined) {
      const editedBy = byId.get(step.editedById);
      if (editedBy === undefined || !keysInSteps([step]).some(({ secretKeyId }) => secretKeyId === key.id)) continue;
      const authorizer = ctx.services.policies.authorize(editedBy);
      const mayUse = (subject: PolicySubject): boolean =>
        actionsOfUse(step, key).every((action) => authorizer.can(action, subject));
      if (mayUse(change.before) && !mayUse(change.after)) {
        return [{ workflow, step, editedBy }];
      }
    }
    return [];
  });
}

async function referringWorkflows(reading: Reading, key: KeyId): Promise<WorkflowRecord[]> {
  const rows = await reading.query(
    `SELECT ${workflowColumns} FROM workflow w ${workflowJoins}
     WHERE w.organization_id = ? AND w.deleted_at IS NULL AND w.id IN
       (SELECT r.workflow_id FROM secret_key_reference r WHERE r.organization_id = ? AND r.secret_key_id = ?)
     ORDER BY w.name_key, w.id`,
    [key.organizationId, key.organizationId, key.id],
  );
  return rows.map(workflowRecord);
}
