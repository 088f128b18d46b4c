import { Entity } from 'typeorm';
import { Instant, PrimaryId, Text } from '../database/columns.js';
import type { GranteeId, OrganizationId } from '../ids.js';

/** The first answer to a mutation that came with an idempotency key. It holds no value: neither does any answer. */
@Entity('idempotent_answer')
export class IdempotentAnswerEntity {
  @PrimaryId('organization_id') organizationId!: OrganizationId;
  @PrimaryId('principal_id') principalId!: GranteeId;
  @Text('key_hash', { primary: true }) keyHash!: string;
  @Text('fingerprint') fingerprint!: string;
  /** JSON; empty only inside the transaction that makes it. */
  @Text('answer') answer!: string;
  @Instant('created_at') createdAt!: number;
}
