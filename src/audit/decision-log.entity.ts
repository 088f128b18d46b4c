import { Entity } from 'typeorm';
import { Id, Instant, PrimaryId, Text } from '../database/columns.js';
import type { GranteeId, OrganizationId } from '../ids.js';

/** One decision, kept for a stated time. `body` holds what was asked; see decision-log.ts. */
@Entity('decision_log')
export class DecisionLogEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('id') id!: string;
  @Instant('occurred_at') occurredAt!: number;
  @Id('principal_id') principalId!: GranteeId;
  @Text('action') action!: string;
  @Text('subject_type') subjectType!: string;
  @Text('effect') effect!: 'allow' | 'deny';
  @Text('rule_id', { nullable: true }) ruleId!: string | null;
  @Text('policy_version') policyVersion!: string;
  @Text('body') body!: string;
}
