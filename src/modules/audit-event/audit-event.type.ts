/** Records of the audit log as the API shows them. */
import { Field, Float, ID, InputType, ObjectType } from 'type-graphql';
import type { AuditBody } from '../../audit/audit-log.js';
import { connectionOf } from '../../graphql/connection.js';
import { Governed, GovernedBy } from '../../graphql/guard.js';
import { DateTime, JSONObject } from '../../graphql/scalars.js';

@ObjectType({ description: 'The rule that allowed what a record tells of.' })
@GovernedBy('AuditEvent', { field: 'decision' })
export class AuditDecision extends Governed {
  @Field(() => String, { nullable: true, description: 'The rule.' })
  readonly ruleId: string | null;
  @Field(() => String, { description: 'The revision of the policy.' })
  readonly policyVersion: string;

  constructor(
    event: Pick<AuditBody, 'organizationId'>,
    managers: readonly string[],
    decision: NonNullable<AuditBody['decision']>,
  ) {
    super(auditEventSubject(event, managers));
    this.ruleId = decision.ruleId;
    this.policyVersion = decision.policyVersion;
  }
}

@ObjectType({ description: 'One record of the append-only audit log.' })
@GovernedBy('AuditEvent')
export class AuditEvent extends Governed {
  @Field(() => ID, { description: 'Its id.' })
  readonly id: string;
  @Field(() => Float, { description: 'Its place in the chain of the organization, from 1.' })
  readonly sequence: number;
  @Field(() => DateTime, { description: 'When it happened.' })
  readonly occurredAt: number;
  @Field(() => String, { description: 'What happened, such as `secretKey.accessChanged`.' })
  readonly type: string;
  @Field(() => ID, { nullable: true, description: 'Who did it; null for the system.' })
  readonly actorId: string | null;
  @Field(() => String, { nullable: true, description: 'The name that the actor had then.' })
  readonly actorName: string | null;
  @Field(() => String, {
    description: 'What kind of thing it happened to: SecretKey, Member, Group, ServiceAccount, Organization.',
  })
  readonly subjectType: string;
  @Field(() => ID, { description: 'What it happened to.' })
  readonly subjectId: string;
  @Field(() => String, { description: 'The name that the subject had then.' })
  readonly subjectName: string;
  @Field(() => JSONObject, { description: 'What else is to tell, depending on the type.' })
  readonly details: object;
  @Field(() => AuditDecision, { nullable: true, description: 'The rule that allowed it; null for the system.' })
  readonly decision: AuditDecision | null;
  @Field(() => String, { description: 'The request that did it, as in its `x-request-id`.' })
  readonly requestId: string;
  @Field(() => String, { description: 'SHA-256 of the record, in hex. The next record contains it.' })
  readonly hash: string;

  /** @param managers the grantees who manage the key that the record is about; empty for other records. */
  constructor(body: AuditBody, hash: string, managers: readonly string[]) {
    super(auditEventSubject(body, managers));
    this.id = body.id;
    this.sequence = body.sequence;
    this.occurredAt = body.occurredAt;
    this.type = body.type;
    this.actorId = body.actor?.id ?? null;
    this.actorName = body.actor?.name ?? null;
    this.subjectType = body.subject.type;
    this.subjectId = body.subject.id;
    this.subjectName = body.subject.name;
    this.details = body.details;
    this.decision = body.decision && new AuditDecision(body, managers, body.decision);
    this.requestId = body.requestId;
    this.hash = hash;
  }
}

const auditEventSubject = (event: Pick<AuditBody, 'organizationId'>, managers: readonly string[]) => ({
  type: 'AuditEvent',
  attributes: { organizationId: event.organizationId, managers },
});

export const AuditEventConnection = connectionOf('AuditEvent', () => AuditEvent, 'audit records, the latest first');

@InputType({ description: 'Narrows the audit log. Everything given must hold.' })
export class AuditEventFilter {
  @Field(() => [String], { nullable: true, description: 'Only these types, such as `secretKey.created`. At most 50.' })
  types?: string[] | null;
  @Field(() => ID, { nullable: true, description: 'Only what this person or service account did.' })
  actorId?: string | null;
  @Field(() => ID, { nullable: true, description: 'Only what happened to this key, member, group or service account.' })
  subjectId?: string | null;
  @Field(() => DateTime, { nullable: true, description: 'Only from this instant on.' })
  since?: number | null;
  @Field(() => DateTime, { nullable: true, description: 'Only before this instant.' })
  until?: number | null;
}
