/** Look-ups of workflows, their steps and the keys in them, one statement for all that a page asks at once. */
import DataLoader from 'dataloader';
import type { Database } from '../../database/database.js';
import type { OrganizationId, WorkflowId } from '../../ids.js';
import { batchOnly, mostInBatch } from '../member/batching.js';
import { creatorJoin, secretKeyColumns, secretKeyRecord } from '../secret-key/secret-key.record.js';
import { SecretKey } from '../secret-key/secret-key.type.js';
import type { StepDefinition } from './step-definition.js';
import { type WorkflowRecord, workflowColumns, workflowJoins, workflowRecord } from './workflow.record.js';

export interface WorkflowLoaders {
  /** Workflows that are not deleted by id, whoever asks; null for an id of none. */
  readonly workflows: DataLoader<string, WorkflowRecord | null>;
  /** The steps that a workflow has now; none for an id of no workflow. */
  readonly stepsOfWorkflow: DataLoader<WorkflowId, readonly StepDefinition[]>;
  /** Keys that are not deleted by id, whoever asks; null for an id of none. Each is one object for all that a page asks at once. */
  readonly secretKeys: DataLoader<string, SecretKey | null>;
}

/** Steps of a workflow may have a megabyte. */
const mostVersions = 50;

export function createWorkflowLoaders(database: Database, organizationId: OrganizationId): WorkflowLoaders {
  const secretKeys: DataLoader<string, SecretKey | null> = new DataLoader(
    async (ids) => {
      // What is asked from now on is another batch.
      secretKeys.clearAll();
      const rows = await database.query(
        `SELECT ${secretKeyColumns(database.dialect)} FROM secret_key k ${creatorJoin}
         WHERE k.organization_id = ? AND k.id IN (${ids.map(() => '?').join(', ')}) AND k.deleted_at IS NULL`,
        [organizationId, ...ids],
      );
      const keys = new Map(rows.map((row) => [String(row.id), new SecretKey(secretKeyRecord(row))]));
      return ids.map((id) => keys.get(id) ?? null);
    },
    { maxBatchSize: mostInBatch },
  );
  return {
    workflows: new DataLoader(async (ids) => {
      const rows = await database.query(
        `SELECT ${workflowColumns} FROM workflow w ${workflowJoins}
         WHERE w.organization_id = ? AND w.id IN (${ids.map(() => '?').join(', ')}) AND w.deleted_at IS NULL`,
        [organizationId, ...ids],
      );
      const records = new Map(rows.map((row) => [String(row.id), workflowRecord(row)]));
      return ids.map((id) => records.get(id) ?? null);
    }, batchOnly),

    stepsOfWorkflow: new DataLoader(
      async (ids) => {
        const rows = await database.query(
          `SELECT w.id, v.steps FROM workflow w
           JOIN workflow_version v ON v.organization_id = w.organization_id AND v.workflow_id = w.id AND v.version = w.version
           WHERE w.organization_id = ? AND w.id IN (${ids.map(() => '?').join(', ')})`,
          [organizationId, ...ids],
        );
        const steps = new Map(rows.map((row) => [row.id, JSON.parse(String(row.steps)) as StepDefinition[]]));
        return ids.map((id) => steps.get(id) ?? []);
      },
      { ...batchOnly, maxBatchSize: mostVersions },
    ),

    secretKeys,
  };
}
