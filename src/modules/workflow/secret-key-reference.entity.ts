import { Entity } from 'typeorm';
import { PrimaryId } from '../../database/columns.js';
import type { OrganizationId, SecretKeyId, StepId, WorkflowId } from '../../ids.js';

/** A place in the current version of a workflow that names a key. */
@Entity('secret_key_reference')
export class SecretKeyReferenceEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('secret_key_id') secretKeyId!: SecretKeyId;
  @PrimaryId('workflow_id') workflowId!: WorkflowId;
  @PrimaryId('step_id') stepId!: StepId;
  /** A field of the step, such as `headers[0].value`. */
  @PrimaryId('place') place!: string;
}
