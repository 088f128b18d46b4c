import { Entity } from 'typeorm';
import { Counter, Id, Instant, PrimaryCounter, PrimaryId, Text } from '../database/columns.js';
import type { OrganizationId } from '../ids.js';

/** One record. `body` holds the exact bytes that `hash` covers; the other columns repeat parts of it for look-ups. */
@Entity('audit_event')
export class AuditEventEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryCounter('sequence') sequence!: number;
  @Id('id') id!: string;
  @Instant('occurred_at') occurredAt!: number;
  @Text('type') type!: string;
  @Id('actor_id', { nullable: true }) actorId!: string | null;
  @Id('subject_id', { nullable: true }) subjectId!: string | null;
  /** Of what was done for a run, or to one. */
  @Id('run_id', { nullable: true }) runId!: string | null;
  @Text('body') body!: string;
  @Text('hash') hash!: string;
}

/** Where an organization's chain ends. Its row lock gives the records their order. */
@Entity('audit_head')
export class AuditHeadEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @Counter('sequence') sequence!: number;
  @Text('hash') hash!: string;
}
