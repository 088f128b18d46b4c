/** Batches look-ups of one request, so that a page of objects costs one statement and not one each. */
import DataLoader from 'dataloader';
import type { Database } from '../database/database.js';
import type { GranteeId, OrganizationId } from '../ids.js';
import { type CustomRoleLoaders, createCustomRoleLoaders } from '../modules/custom-role/custom-role.loaders.js';
import { createGroupLoaders, type GroupLoaders } from '../modules/group/group.loaders.js';
import { mostInBatch } from '../modules/member/batching.js';
import { createMemberLoaders, type MemberLoaders } from '../modules/member/member.loaders.js';
import type { GranteeKind, GranteeState } from '../modules/organization/organization.entity.js';
import { createRunLoaders, type RunLoaders } from '../modules/run/run.loaders.js';
import type { GranteeRecord } from '../modules/secret-key/secret-key.record.js';
import {
  createServiceAccountLoaders,
  type ServiceAccountLoaders,
} from '../modules/service-account/service-account.loaders.js';
import { createWorkflowLoaders, type WorkflowLoaders } from '../modules/workflow/workflow.loaders.js';

export interface Loaders
  extends MemberLoaders,
    GroupLoaders,
    CustomRoleLoaders,
    ServiceAccountLoaders,
    WorkflowLoaders,
    RunLoaders {
  /** Grantees of the caller's organization by id, deleted ones included; null for an id of nobody. */
  readonly grantees: DataLoader<string, GranteeRecord | null>;
}

export function createLoaders(database: Database, organizationId: OrganizationId): Loaders {
  return {
    ...createMemberLoaders(database, organizationId),
    ...createGroupLoaders(database, organizationId),
    ...createCustomRoleLoaders(database, organizationId),
    ...createServiceAccountLoaders(database, organizationId),
    ...createWorkflowLoaders(database, organizationId),
    ...createRunLoaders(database, organizationId),
    grantees: new DataLoader(
      async (ids) => {
        const rows = await database.query(
          `SELECT id, kind, name, email, state FROM grantee WHERE organization_id = ? AND id IN (${ids.map(() => '?').join(', ')})`,
          [organizationId, ...ids],
        );
        const records = new Map(
          rows.map((row): [string, GranteeRecord] => [
            String(row.id),
            {
              id: row.id as GranteeId,
              kind: row.kind as GranteeKind,
              name: String(row.name),
              email: row.email as string | null,
              state: row.state as GranteeState,
            },
          ]),
        );
        return ids.map((id) => records.get(id) ?? null);
      },
      { maxBatchSize: mostInBatch },
    ),
  };
}
