/** Workflows as the API shows them. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime } from '../../graphql/scalars.js';
import type { SecretKeyId } from '../../ids.js';
import { Grantee } from '../organization/grantee.type.js';
import { SecretKey } from '../secret-key/secret-key.type.js';
import type { WorkflowWarning as Found } from './check-keys.js';
import type { WorkflowState as State } from './workflow.entity.js';
import {
  NotMovedReason,
  type NotMovedReasonName,
  WorkflowState,
  WorkflowWarningCode,
  type WorkflowWarningCodeName,
} from './workflow.enums.js';
import { type WorkflowRecord, workflowSubject } from './workflow.record.js';

@ObjectType({ description: 'An ordered list of steps that use keys.', simpleResolvers: true })
@GovernedBy('Workflow')
export class Workflow extends Governed {
  readonly record: WorkflowRecord;

  @Field(() => ID, { description: 'Stays the same when the workflow is renamed.' })
  readonly id: string;
  @Field(() => String, { description: 'Unique in the organization without regard to case.' })
  readonly name: string;
  @Field(() => String, { nullable: true, description: 'What the workflow is for.' })
  readonly description: string | null;
  @Field(() => WorkflowState, { description: 'Whether it can be run.' })
  readonly state: State;
  @Field(() => Int, { description: 'Of its steps: grows with every change of them.' })
  readonly version: number;
  @Field(() => DateTime, { description: 'When it was created.' })
  readonly createdAt: number;
  @Field(() => DateTime, { description: 'When anything about it last changed.' })
  readonly updatedAt: number;

  constructor(record: WorkflowRecord) {
    super(workflowSubject(record));
    this.record = record;
    this.id = record.id;
    this.name = record.name;
    this.description = record.description;
    this.state = record.state;
    this.version = record.version;
    this.createdAt = record.createdAt;
    this.updatedAt = record.updatedAt;
  }

  @Field(() => Grantee, { nullable: true, description: 'Who created it.' })
  get createdBy(): Grantee | null {
    return this.record.createdBy && new Grantee(this.record.organizationId, this.record.createdBy);
  }

  @Field(() => Grantee, { nullable: true, description: 'Who last changed it.' })
  get updatedBy(): Grantee | null {
    return this.record.updatedBy && new Grantee(this.record.organizationId, this.record.updatedBy);
  }
}

export const WorkflowConnection = connectionOf('Workflow', () => Workflow, 'workflows');

@ObjectType({ description: 'A place in a step that names a key.' })
@GovernedBy('Workflow', { field: 'secretKeys' })
export class WorkflowSecretKey extends Governed {
  @Field(() => SecretKey, {
    nullable: true,
    description: 'The key; null when it was deleted or the caller may not see it, the same.',
  })
  readonly secretKey: SecretKey | null;
  @Field(() => String, { description: 'The name of the step.' })
  readonly step: string;
  @Field(() => String, { description: 'The field of the step, such as `headers[0].value`.' })
  readonly place: string;

  constructor(workflow: Workflow, secretKey: SecretKey | null, step: string, place: string) {
    super(workflow);
    this.secretKey = secretKey;
    this.step = step;
    this.place = place;
  }
}

@ObjectType({ description: 'The steps were saved, and this may not be what was meant.' })
@GovernedBy('Envelope')
export class WorkflowWarning extends Envelope {
  readonly secretKeyId: SecretKeyId | null;

  @Field(() => WorkflowWarningCode, { description: 'For programs.' })
  readonly code: WorkflowWarningCodeName;
  @Field(() => String, { description: 'For people.' })
  readonly message: string;
  @Field(() => String, { description: 'The field of the input, such as `input.steps[0].sendApiRequest.url`.' })
  readonly field: string;

  constructor({ code, field, secretKeyId }: Found) {
    super();
    this.code = code;
    this.message = warningMessages[code];
    this.field = field;
    this.secretKeyId = secretKeyId;
  }
}

const warningMessages: Readonly<Record<WorkflowWarningCodeName, string>> = {
  USE_NOT_ALLOWED: 'The key is not meant to be used here. The step will fail until a manager of the key allows it.',
  PLACEMENT_NOT_ALLOWED:
    'The key is not meant to be put here. The step will fail until a manager of the key allows it.',
  HOST_NOT_ALLOWED: 'The key may not go to this host. The step will fail until a manager of the key allows the host.',
  SECRET_KEY_EXPIRED: 'The key has expired. The step will fail until the key has a later expiry.',
  PLAIN_PASSWORD: 'Everyone in the organization can read this password. Store it as a key and refer to the key.',
};

/** What a verb on one workflow returns: plain data, so that it can be kept for a repeated request. */
export interface WorkflowOutcome {
  readonly workflow: WorkflowRecord;
  readonly warnings: readonly Found[];
}

function payload(name: string, description: string) {
  @ObjectType(name, { description })
  @GovernedBy('Envelope', { typeName: name })
  class Payload extends Envelope {
    @Field(() => Workflow, { description: 'The workflow as it is now.' })
    readonly workflow: Workflow;
    @Field(() => [WorkflowWarning], { description: 'What may not be as meant.' })
    readonly warnings: readonly WorkflowWarning[];

    constructor(outcome: WorkflowOutcome) {
      super();
      this.workflow = new Workflow(outcome.workflow);
      this.warnings = outcome.warnings.map((warning) => new WorkflowWarning(warning));
    }
  }
  return Payload;
}

export const CreateWorkflowPayload = payload('CreateWorkflowPayload', 'A workflow was created.');
export const RenameWorkflowPayload = payload('RenameWorkflowPayload', 'A workflow was renamed.');
export const SetWorkflowStepsPayload = payload('SetWorkflowStepsPayload', 'The steps of a workflow were replaced.');
export const ActivateWorkflowPayload = payload('ActivateWorkflowPayload', 'The workflow is active.');
export const DeactivateWorkflowPayload = payload('DeactivateWorkflowPayload', 'The workflow is inactive.');
export const DuplicateWorkflowPayload = payload('DuplicateWorkflowPayload', 'A workflow was copied.');

@ObjectType({ description: 'A workflow was deleted.' })
@GovernedBy('Envelope')
export class DeleteWorkflowPayload extends Envelope {
  @Field(() => ID, { description: 'The workflow that was deleted.' })
  readonly deletedId: string;

  constructor(outcome: { readonly deletedId: string }) {
    super();
    this.deletedId = outcome.deletedId;
  }
}

@ObjectType({ description: 'A workflow that keeps its references.' })
@GovernedBy('Envelope')
export class NotMovedWorkflow extends Envelope {
  @Field(() => Workflow, { description: 'The workflow.' })
  readonly workflow: Workflow;
  @Field(() => NotMovedReason, { description: 'Why.' })
  readonly reason: NotMovedReasonName;

  constructor(workflow: WorkflowRecord, reason: NotMovedReasonName) {
    super();
    this.workflow = new Workflow(workflow);
    this.reason = reason;
  }
}

export interface ReplaceOutcome {
  readonly moved: readonly WorkflowRecord[];
  readonly notMoved: readonly { readonly workflow: WorkflowRecord; readonly reason: NotMovedReasonName }[];
  readonly notVisibleCount: number;
}

@ObjectType({ description: 'Steps that named a key name another one now.' })
@GovernedBy('Envelope')
export class ReplaceSecretKeyReferencesPayload extends Envelope {
  @Field(() => [Workflow], { description: 'The workflows whose steps were changed, by name.' })
  readonly moved: readonly Workflow[];
  @Field(() => [NotMovedWorkflow], { description: 'Those that were not, by name.' })
  readonly notMoved: readonly NotMovedWorkflow[];
  @Field(() => Int, { description: 'How many others name the key that the caller may not see.' })
  readonly notVisibleCount: number;

  constructor(outcome: ReplaceOutcome) {
    super();
    this.moved = outcome.moved.map((workflow) => new Workflow(workflow));
    this.notMoved = outcome.notMoved.map(({ workflow, reason }) => new NotMovedWorkflow(workflow, reason));
    this.notVisibleCount = outcome.notVisibleCount;
  }
}
