/** Where a key is used, as those who manage it see that, and what would stop when they change who may use it. */
import { Field, ID, ObjectType } from 'type-graphql';
import { connectionOf } from '../../graphql/connection.js';
import { Envelope, Governed, GovernedBy } from '../../graphql/guard.js';
import type { OrganizationId } from '../../ids.js';
import { Grantee } from '../organization/grantee.type.js';
import type { SecretKeyReferenceRecord, WorkflowStopRecord } from './references-of-key.js';
import { Workflow } from './workflow.type.js';

@ObjectType({ description: 'A step of a workflow that names a key.' })
@GovernedBy('SecretKey', { field: 'references' })
export class SecretKeyReference extends Governed {
  readonly record: SecretKeyReferenceRecord;

  @Field(() => Workflow, { description: 'The workflow.' })
  readonly workflow: Workflow;
  @Field(() => ID, { description: 'The step.' })
  readonly stepId: string;
  @Field(() => [String], { description: 'The fields of the step that name the key, such as `headers[0].value`.' })
  readonly places: readonly string[];

  constructor(key: Governed, record: SecretKeyReferenceRecord) {
    super(key);
    this.record = record;
    this.workflow = new Workflow(record.workflow);
    this.stepId = record.stepId;
    this.places = record.places;
  }
}

export const SecretKeyReferenceConnection = connectionOf('SecretKeyReference', () => SecretKeyReference, 'references');

@ObjectType({ description: 'A workflow that would stop at a step, whose editor could not use the key any more.' })
@GovernedBy('Envelope')
export class WorkflowStop extends Envelope {
  @Field(() => Workflow, { description: 'The workflow, which is active.' })
  readonly workflow: Workflow;
  @Field(() => String, { description: 'The name of the first such step.' })
  readonly step: string;
  @Field(() => Grantee, { description: 'Who last changed the step.' })
  readonly editedBy: Grantee;

  constructor(organizationId: OrganizationId, { workflow, step, editedBy }: WorkflowStopRecord) {
    super();
    const { id, kind, name } = editedBy;
    this.workflow = new Workflow(workflow);
    this.step = step.name;
    this.editedBy = new Grantee(organizationId, { id, kind, name, email: null, state: 'ACTIVE' });
  }
}
