/** A workflow as verbs and presenters know it, and what rules may ask about it. */
import type { PolicySubject } from '../../authz/index.js';
import type { Row } from '../../database/database.js';
import type { GranteeId, OrganizationId, WorkflowId } from '../../ids.js';
import type { GranteeKind, GranteeState } from '../organization/organization.entity.js';
import type { GranteeRecord } from '../secret-key/secret-key.record.js';
import type { WorkflowState } from './workflow.entity.js';

export interface WorkflowRecord {
  readonly organizationId: OrganizationId;
  readonly id: WorkflowId;
  readonly name: string;
  readonly description: string | null;
  readonly state: WorkflowState;
  readonly version: number;
  readonly createdBy: GranteeRecord | null;
  readonly createdAt: number;
  readonly updatedBy: GranteeRecord | null;
  readonly updatedAt: number;
}

/** A record as it is read for a decision. Lists show records and decide nothing by them. */
export interface SignedWorkflowRecord extends WorkflowRecord {
  readonly signature: Uint8Array;
}

const granteeColumns = (alias: string, prefix: string): string =>
  ['id', 'kind', 'name', 'email', 'state'].map((column) => `${alias}.${column} AS ${prefix}_${column}`).join(', ');

/** The columns of a record, from `workflow w` and the grantees of `workflowJoins`. */
export const workflowColumns = `w.organization_id, w.id, w.name, w.description, w.state, w.version, w.created_at, w.updated_at,
  ${granteeColumns('c', 'creator')}, ${granteeColumns('u', 'updater')}`;

export const workflowJoins = `LEFT JOIN grantee c ON c.organization_id = w.organization_id AND c.id = w.created_by_id
  LEFT JOIN grantee u ON u.organization_id = w.organization_id AND u.id = w.updated_by_id`;

export const workflowRecord = (row: Row): WorkflowRecord => ({
  organizationId: row.organization_id as OrganizationId,
  id: row.id as WorkflowId,
  name: String(row.name),
  description: row.description as string | null,
  state: row.state as WorkflowState,
  version: Number(row.version),
  createdBy: granteeOf(row, 'creator'),
  createdAt: Number(row.created_at),
  updatedBy: granteeOf(row, 'updater'),
  updatedAt: Number(row.updated_at),
});

const granteeOf = (row: Row, prefix: string): GranteeRecord | null =>
  row[`${prefix}_id`] === null
    ? null
    : {
        id: row[`${prefix}_id`] as GranteeId,
        kind: row[`${prefix}_kind`] as GranteeKind,
        name: String(row[`${prefix}_name`]),
        email: row[`${prefix}_email`] as string | null,
        state: row[`${prefix}_state`] as GranteeState,
      };

export const workflowSubject = ({
  organizationId,
  createdBy,
}: Pick<WorkflowRecord, 'organizationId' | 'createdBy'>): PolicySubject => ({
  type: 'Workflow',
  attributes: { organizationId, createdById: createdBy?.id ?? null },
});
