import { Entity } from 'typeorm';
import { Bytes, Counter, Flag, Id, Instant, PrimaryCounter, PrimaryId, Text } from '../../database/columns.js';
import type { GranteeId, OrganizationId, RunId, StepId, WorkflowId } from '../../ids.js';
import type { StepType } from '../workflow/step-definition.js';

/** A test runs one step that has not been saved. */
export type RunKind = 'WORKFLOW' | 'TEST';
export const runStates = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED', 'INTERRUPTED'] as const;
export type RunState = (typeof runStates)[number];
/** SKIPPED: an earlier step did not succeed. */
export type RunStepState = 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'INTERRUPTED' | 'SKIPPED';

@Entity('workflow_run')
export class RunEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('id') id!: RunId;
  @Text('kind') kind!: RunKind;
  @Text('state') state!: RunState;
  @Id('workflow_id', { nullable: true }) workflowId!: WorkflowId | null;
  @Counter('workflow_version', { nullable: true }) workflowVersion!: number | null;
  @Text('steps', { nullable: true }) steps!: string | null;
  /** JSON. Redacted when the run ends. */
  @Text('input') input!: string;
  @Id('started_by_id') startedById!: GranteeId;
  /** By the writer over the request to run: nobody else makes the runner run something. */
  @Bytes('signature') signature!: Uint8Array;
  /** Grows with every change of the run or of one of its steps. */
  @Counter('revision') revision!: number;
  @Instant('queued_at') queuedAt!: number;
  @Instant('started_at', { nullable: true }) startedAt!: number | null;
  @Instant('finished_at', { nullable: true }) finishedAt!: number | null;
  @Instant('cancel_requested_at', { nullable: true }) cancelRequestedAt!: number | null;
  /** JSON of a `RunError`. */
  @Text('error', { nullable: true }) error!: string | null;
}

/** A step of a run. Everything that came out of it was redacted before it was written. */
@Entity('workflow_run_step')
export class RunStepEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('run_id') runId!: RunId;
  @PrimaryCounter('position') position!: number;
  @Id('step_id') stepId!: StepId;
  @Text('name') name!: string;
  @Text('type') type!: StepType;
  @Text('state') state!: RunStepState;
  @Instant('started_at', { nullable: true }) startedAt!: number | null;
  /** Set before the first byte leaves: a step that may have been sent is never sent again. */
  @Instant('sent_at', { nullable: true }) sentAt!: number | null;
  @Instant('finished_at', { nullable: true }) finishedAt!: number | null;
  /** JSON. */
  @Text('output', { nullable: true }) output!: string | null;
  /** JSON of a `RunLogLine[]`. */
  @Text('logs', { nullable: true }) logs!: string | null;
  /** JSON of a `RunError`. */
  @Text('error', { nullable: true }) error!: string | null;
  /** JSON of a `Redaction[]`. */
  @Text('receipt', { nullable: true }) receipt!: string | null;
}

/** A run that waits, or that a runner is at work on until its lease ends. */
@Entity('active_run')
export class ActiveRunEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('run_id') runId!: RunId;
  /** 0: waits. */
  @Instant('lease_until') leaseUntil!: number;
  @Id('runner_id', { nullable: true }) runnerId!: string | null;
  /** What the run has left may hold the value of a key that was opened since: it has not been searched for it yet. */
  @Flag('is_unmasked') isUnmasked!: boolean;
}

/** How many runs of a day were purged. */
@Entity('run_tally')
export class RunTallyEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  /** Empty for tests of steps that were in no workflow. */
  @PrimaryId('workflow_id') workflowId!: string;
  /** The first instant of a day in UTC. */
  @PrimaryCounter('day') day!: number;
  @PrimaryId('state') state!: RunState;
  @Counter('run_count') runCount!: number;
}
