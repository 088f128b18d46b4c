import { Entity } from 'typeorm';
import { Bytes, Counter, Id, Instant, PrimaryCounter, PrimaryId, Text } from '../../database/columns.js';
import type { GranteeId, OrganizationId, WorkflowId } from '../../ids.js';

/** Only an active workflow can be run. */
export type WorkflowState = 'ACTIVE' | 'INACTIVE';

@Entity('workflow')
export class WorkflowEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('id') id!: WorkflowId;
  @Text('name') name!: string;
  @Text('name_key', { nullable: true }) nameKey!: string | null;
  @Text('description', { nullable: true }) description!: string | null;
  @Text('state') state!: WorkflowState;
  /** Of its steps: each save of steps is a new one. */
  @Counter('version') version!: number;
  @Id('created_by_id', { nullable: true }) createdById!: GranteeId | null;
  @Instant('created_at') createdAt!: number;
  @Instant('updated_at') updatedAt!: number;
  @Id('updated_by_id', { nullable: true }) updatedById!: GranteeId | null;
  @Instant('deleted_at', { nullable: true }) deletedAt!: number | null;
  /** By the writer over the creator, the state, the version and whether it was deleted. */
  @Bytes('signature') signature!: Uint8Array;
}

/** The steps of one save, for good: a run names the version that it ran. */
@Entity('workflow_version')
export class WorkflowVersionEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('workflow_id') workflowId!: WorkflowId;
  @PrimaryCounter('version') version!: number;
  /** JSON of a `StepDefinition[]`: text, because `signature` is over these very bytes. */
  @Text('steps') steps!: string;
  @Id('saved_by_id') savedById!: GranteeId;
  @Instant('saved_at') savedAt!: number;
  @Bytes('signature') signature!: Uint8Array;
}
